"""The branch not taken: gradients that know which of their entries are structurally zero.

`selected` has such a gradient, `liveness` finds out late which entries they are, `dependence` takes
it through a rule; `entries` has the gradients of what was read and assigned by index, which
`collection` keeps in parts.
"""
