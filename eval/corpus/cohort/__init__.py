"""The synthetic specialised-disease cohort (专病队列) in OMOP CDM 5.4 tables.

    python -m eval.corpus.cohort [--out corpus/cohort] [--persons 24000] [--seed 20261122]

Nobody in it exists. Every number comes from the distributions in ``assumptions.toml`` and a seeded
generator, so the same command gives the same rows. It is there to show and to test counting:
eligibility funnels, missing data, units, sites. It says nothing about real patients, and effects of
treatment are not simulated.
"""
