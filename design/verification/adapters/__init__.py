"""Translations of a gold row's inputs that a rule's table cannot say, a module a family."""
