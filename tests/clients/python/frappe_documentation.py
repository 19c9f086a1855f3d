"""The examples of Frappe's documentation of token based authentication, as they stand there but for host and credentials."""

import base64

import requests

from scene import SERVER, Browser, check, hallpass, parameters, person

person("ada")
key = hallpass("key create --user ada --full-access")
api_key, api_secret = key["api_key"], key["api_secret"]

hallpass("scope create all --description 'Use everything that you can use'")
client = hallpass("client create Ledger --redirect-uri https://ledger.example/callback --scope all")
answer = Browser("ada").allow(
    f"{SERVER}/api/method/frappe.integrations.oauth2.authorize"
    f"?client_id={client['client_id']}&response_type=code&scope=all&redirect_uri=https%3A%2F%2Fledger.example%2Fcallback"
)
access_token = requests.post(
    SERVER + "/api/method/frappe.integrations.oauth2.get_token",
    data={
        "grant_type": "authorization_code",
        "code": parameters(answer)["code"],
        "redirect_uri": "https://ledger.example/callback",
        "client_id": client["client_id"],
    },
    auth=(client["client_id"], client["client_secret"]),
).json()["access_token"]


def token():
    url = f"{SERVER}/api/method/frappe.auth.get_logged_user"
    headers = {
        'Authorization': f"token {api_key}:{api_secret}"
    }
    response = requests.request("GET", url, headers=headers)
    return response


def basic():
    url = f"{SERVER}/api/method/frappe.auth.get_logged_user"
    headers = {
        'Authorization': "Basic %s" % base64.b64encode(f"{api_key}:{api_secret}".encode()).decode()
    }
    response = requests.request("GET", url, headers=headers)
    return response


def bearer():
    url = f"{SERVER}/api/method/frappe.auth.get_logged_user"
    headers = {
        "Authorization": "Bearer %s" % access_token
    }
    response = requests.request("GET", url, headers=headers)
    return response


for example in [token, basic, bearer]:
    response = example()
    said = (response.status_code, response.headers["content-type"], response.json())
    check(f"the example for {example.__name__} is answered", said == (200, "application/json", {"message": "ada@example.com"}))

hallpass(f"key revoke {key['id']}")
access_token += "x"
for example in [token, basic, bearer]:
    response = example()
    check(f"and refused with a bad {example.__name__}", (response.status_code, response.json()) == (401, {"exc_type": "AuthenticationError"}))
