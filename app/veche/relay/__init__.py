"""A relay: takes voters' signed ballots by HTTP, and has them carried (PROTOCOL §3, Casting).

It is trusted with nothing: it cannot read, alter or invent a ballot, and voters can go round it. A
request passes the modules in this order: `service` reads it within `limits`; `checking` has the
parts of `carrier` check the ballot, and `store` puts it on disk. Only then is it accepted.
`sending` has it cast, and notes in the store what became of it. Whatever is refused is told as
`problems` writes it.
"""
