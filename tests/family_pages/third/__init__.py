"""Pages of whole portals at the size of real ones: long menus, margins, footers and scripts around a small truth."""
