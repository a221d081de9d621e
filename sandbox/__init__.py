"""Stand-ins for Stripe and Kollus, and a mailbox: one process, run beside the shop."""
