"""Stand-ins for Stripe and Kollus, and a mailbox: one process that a laptop or a test runs beside the shop."""
