from videos.admin import catalogue, kollus_side, offers, rights, rules, watching

__all__ = ["catalogue", "kollus_side", "offers", "rights", "rules", "watching"]
