"""How each CMS family writes a plan as pages; one file a family."""
