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
