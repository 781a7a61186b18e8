"""A practice gateway that speaks the wire protocol of GePG over HTTP, as its own process, without Django.

`python -m payments.simulator` serves it on 127.0.0.1 only. It moves no money.
"""
