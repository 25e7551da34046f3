"""The addresses of the first pages."""

from django.urls import path

from letopis.metrics import pages
from letopis.metrics.campaigns import pages as campaigns
from letopis.metrics.frozen import pages as frozen
from letopis.metrics.goals import pages as goals
from letopis.metrics.load import pages as load
from letopis.metrics.marks import pages as marks
from letopis.metrics.network import pages as network
from letopis.metrics.reference import pages as reference

urlpatterns = [
    path("b/<uuid:business>/", pages.today, name="today"),
    path("b/<uuid:business>/overview", pages.overview, name="overview"),
    path("b/<uuid:business>/funnel", pages.funnel_by, name="funnel"),
    path("b/<uuid:business>/changes", marks.changes, name="changes"),
    path("b/<uuid:business>/changes/new", marks.new_change, name="change_new"),
    path("b/<uuid:business>/changes/<int:seq>", marks.change, name="change"),
    path("b/<uuid:business>/campaigns", campaigns.campaigns, name="campaigns"),
    path("b/<uuid:business>/campaigns/costs", campaigns.campaign_costs, name="campaign_costs"),
    path("b/<uuid:business>/load", load.load, name="load"),
    path("b/<uuid:business>/months", frozen.months, name="months"),
    path("network", network.network, name="network"),
    path("definitions", reference.definitions, name="definitions"),
    path("definitions.json", reference.definitions_json, name="definitions_json"),
    path("b/<uuid:business>/goals", goals.goals, name="goals"),
    path("b/<uuid:business>/goals/<slug:metric>", goals.goal, name="goal"),
]
