from videos.admin import catalogue, certificates, kollus_side, offers, rights, rules, watching

__all__ = ["catalogue", "certificates", "kollus_side", "offers", "rights", "rules", "watching"]
