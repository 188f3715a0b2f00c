"""Which function of the program answers which topic of the cases: one adapter a topic.

An adapter calls the public function as a user would and renames what it gives; it computes nothing.
"""

from gemba.stats.proof.check import Topic
from gemba.stats.proof.topics import (
    capability,
    charts,
    constants,
    distributions,
    further,
    inference,
    linear,
    rare,
    several,
    weighted,
)

TOPICS: dict[str, Topic] = {
    "anova.oneway": Topic(linear.one_way),
    "anova.twoway": Topic(linear.two_way),
    "anova.twoway_unbalanced": Topic(linear.two_way_unbalanced),
    "anova.variance_components": Topic(linear.components),
    "capability.normal": Topic(capability.normal),
    "chart.between_within": Topic(further.between_within),
    "chart.c": Topic(charts.c),
    "chart.cusum": Topic(weighted.cusum),
    "chart.difference": Topic(further.difference),
    "chart.ewma": Topic(weighted.ewma),
    "chart.laney_p": Topic(rare.laney_p),
    "chart.laney_u": Topic(rare.laney_u),
    "chart.mewma": Topic(several.mewma),
    "chart.moving_average": Topic(weighted.moving_average),
    "chart.constants": Topic(constants.factors),
    "chart.g": Topic(rare.g),
    "chart.generalized_variance": Topic(further.generalized_variance),
    "chart.imr": Topic(charts.i_mr),
    "chart.np": Topic(charts.np_chart),
    "chart.p": Topic(charts.p),
    "chart.t": Topic(rare.t),
    "chart.t2": Topic(several.t2),
    "chart.t2_known": Topic(several.t2_known),
    "chart.u": Topic(charts.u),
    "chart.xbar_r": Topic(charts.xbar_r),
    "chart.xbar_s": Topic(charts.xbar_s),
    "chart.z_mr": Topic(further.z_mr),
    "chart.zone": Topic(further.zone),
    "descriptive.quantiles": Topic(distributions.quantile_types),
    "descriptive.univariate": Topic(distributions.univariate),
    "effectiveness": Topic(inference.verdict),
    "regression.multiple": Topic(linear.multiple),
    "regression.polynomial": Topic(linear.polynomial),
    "regression.simple": Topic(linear.simple),
    "rules": Topic(charts.rules),
    "test.normality": Topic(distributions.normality, only=("ad_a2", "ad_p")),
}
