"""Identity: who a person is to the ward office and what that person may do there."""
