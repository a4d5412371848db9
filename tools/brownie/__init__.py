"""Brownie's command with messages in place of its tracebacks, for officials who run the scripts.

`source tools/env` puts the program `brownie` of this folder before Brownie's own in the PATH.
"""
