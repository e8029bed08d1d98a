"""Pages of this engine: the staff's (plan, log, holds, requests) and the resident's own data."""
