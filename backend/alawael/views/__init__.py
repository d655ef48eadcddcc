"""List views that people save: filters, sort and columns under a name, private or shared."""
