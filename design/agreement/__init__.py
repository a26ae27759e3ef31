"""Agreement and reliability: kappa, ICC, limits of agreement, concordance correlation."""

from design.agreement.continuous import (
    ccc_test,
    icc_precision,
    icc_test,
    limits_of_agreement,
    limits_of_agreement_precision,
)
from design.agreement.kappa import kappa_precision, kappa_test

__all__ = [
    "ccc_test",
    "icc_precision",
    "icc_test",
    "kappa_precision",
    "kappa_test",
    "limits_of_agreement",
    "limits_of_agreement_precision",
]
