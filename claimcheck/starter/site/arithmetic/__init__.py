"""What the claims are about."""
