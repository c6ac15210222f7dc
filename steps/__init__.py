"""What the sentences of the features do, over the world that they share.

A mapping gives every name, so the same sentences serve any checklist of the family.
"""
