"""Measures Gatepost next to real Dovecot and to floors that no server can be faster than, and writes the report."""
