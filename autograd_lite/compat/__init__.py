"""Namespaces of other libraries over this one, for those who move over."""
