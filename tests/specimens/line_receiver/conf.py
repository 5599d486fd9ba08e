# The ports we were given.
PORT_NUM = {
    'Alford': 15240,
    'Ball': 15241,
    'Hamilton': 15242,
    'Holiday': 15243,
    'Welsh': 15244,
}

NEIGHBORS = {
    'Alford': ['Hamilton', 'Welsh'],
    'Ball': ['Holiday', 'Welsh'],
    'Hamilton': ['Alford', 'Holiday'],
    'Holiday': ['Ball', 'Hamilton'],
    'Welsh': ['Alford', 'Ball'],
}

API_KEY = 'secret'
