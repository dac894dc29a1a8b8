"""The small internet's own tests: over real HTTP and SMTP, from the source addresses that matter."""
