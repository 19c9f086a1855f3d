# English texts whose words depend on a number. All others stand in the code and the templates.

## Times

count-minutes-ago = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
count-hours-ago = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
count-days-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
in-count-minutes = { $count ->
    [one] in { $count } minute
   *[other] in { $count } minutes
}
in-count-hours = { $count ->
    [one] in { $count } hour
   *[other] in { $count } hours
}
in-count-days = { $count ->
    [one] in { $count } day
   *[other] in { $count } days
}

## Forms

count-things-need-another-look- = { $count ->
    [one] One thing needs another look:
   *[other] { $count } things need another look:
}

## API keys and their use

count-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
count-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
count-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
count-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
count-requests = { $count ->
    [one] { $count } request
   *[other] { $count } requests
}
count-requests-would-have-failed-since-it-began-all-still-pass- = { $count ->
    [one] { $count } request would have failed since it began. All still pass.
   *[other] { $count } requests would have failed since it began. All still pass.
}
requests-requests-a-second-name- = { $requests ->
    [one] { $requests } request a second ({ $name })
   *[other] { $requests } requests a second ({ $name })
}
requests-requests-in-count-seconds-name- = { $requests ->
    [one] { $requests } request in { $count } seconds ({ $name })
   *[other] { $requests } requests in { $count } seconds ({ $name })
}
requests-requests-a-minute-name- = { $requests ->
    [one] { $requests } request a minute ({ $name })
   *[other] { $requests } requests a minute ({ $name })
}
requests-requests-in-count-minutes-name- = { $requests ->
    [one] { $requests } request in { $count } minutes ({ $name })
   *[other] { $requests } requests in { $count } minutes ({ $name })
}
requests-requests-an-hour-name- = { $requests ->
    [one] { $requests } request an hour ({ $name })
   *[other] { $requests } requests an hour ({ $name })
}
requests-requests-in-count-hours-name- = { $requests ->
    [one] { $requests } request in { $count } hours ({ $name })
   *[other] { $requests } requests in { $count } hours ({ $name })
}
requests-requests-a-day-name- = { $requests ->
    [one] { $requests } request a day ({ $name })
   *[other] { $requests } requests a day ({ $name })
}
requests-requests-in-count-days-name- = { $requests ->
    [one] { $requests } request in { $count } days ({ $name })
   *[other] { $requests } requests in { $count } days ({ $name })
}

## Console

disable-count-users- = { $count ->
    [one] Disable { $count } user?
   *[other] Disable { $count } users?
}
delete-count-users- = { $count ->
    [one] Delete { $count } user?
   *[other] Delete { $count } users?
}
disable-count-applications- = { $count ->
    [one] Disable { $count } application?
   *[other] Disable { $count } applications?
}
delete-count-applications- = { $count ->
    [one] Delete { $count } application?
   *[other] Delete { $count } applications?
}
end-all-access-of-count-applications- = { $count ->
    [one] End all access of { $count } application?
   *[other] End all access of { $count } applications?
}
disable-count-api-keys- = { $count ->
    [one] Disable { $count } API key?
   *[other] Disable { $count } API keys?
}
revoke-count-api-keys- = { $count ->
    [one] Revoke { $count } API key?
   *[other] Revoke { $count } API keys?
}
end-count-sessions- = { $count ->
    [one] End { $count } session?
   *[other] End { $count } sessions?
}
take-back-count-grants- = { $count ->
    [one] Take back { $count } grant?
   *[other] Take back { $count } grants?
}
count-users = { $count ->
    [one] { $count } user
   *[other] { $count } users
}
count-applications = { $count ->
    [one] { $count } application
   *[other] { $count } applications
}
count-api-keys = { $count ->
    [one] { $count } API key
   *[other] { $count } API keys
}
count-sessions = { $count ->
    [one] { $count } session
   *[other] { $count } sessions
}
count-grants = { $count ->
    [one] { $count } grant
   *[other] { $count } grants
}
count-uses-of-decoy-keys-in-the-last-30-days = { $count ->
    [one] { $count } decoy key was tried in the last 30 days
   *[other] { $count } uses of decoy keys in the last 30 days
}
count-sign-ins-failed-in-the-last-24-hours = { $count ->
    [one] { $count } sign-in failed in the last 24 hours
   *[other] { $count } sign-ins failed in the last 24 hours
}
count-administrators-sign-in-with-a-password-alone = { $count ->
    [one] { $count } administrator signs in with a password alone
   *[other] { $count } administrators sign in with a password alone
}
count-api-keys-end-within-14-days = { $count ->
    [one] { $count } API key ends within 14 days
   *[other] { $count } API keys end within 14 days
}
count-applications-were-not-used-for-90-days = { $count ->
    [one] { $count } application was not used for 90 days
   *[other] { $count } applications were not used for 90 days
}
count-people-let-it-use-their-account-what-they-granted-is-deleted-with-it- = { $count ->
    [one] { $count } person let it use their account; what they granted is deleted with it.
   *[other] { $count } people let it use their account; what they granted is deleted with it.
}

## Second factors

count-are-left- = { $count ->
    [one] One is left.
   *[other] { $count } are left.
}
you-have-an-authenticator-app-and-count-passkeys- = { $count ->
    [one] You have an authenticator app and a passkey.
   *[other] You have an authenticator app and { $count } passkeys.
}
you-have-count-passkeys- = { $count ->
    [one] You have a passkey.
   *[other] You have { $count } passkeys.
}
you-have-no-password-and-count-passkeys- = { $count ->
    [one] You have no password, and a passkey.
   *[other] You have no password, and { $count } passkeys.
}
