"""What several test packages share: municipality folders loaded once, and a resident who fills in forms."""
