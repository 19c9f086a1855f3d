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
