"""What people do at the desk, once for its pages and its API: each act with its rules, its transaction and its audit.

An act takes the desk, the visitor and what was given, and raises a GkmonitorError whose words are for people. Who may
do it is asked by the route, with the same ``Annotated`` visitor in both places.
"""
