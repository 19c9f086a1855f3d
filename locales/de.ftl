# German. The name of a text is made of the English one: its letters and digits, a hyphen for anything else.

sign-in = Anmelden
sign-out = Abmelden

## Console

# Lists

choose-name = { $name } auswählen
all-on-this-page = Alle auf dieser Seite
tick-some-to-act-on-them-together- = Wählen Sie mehrere aus, um sie gemeinsam zu bearbeiten.
with-what-is-ticked = Mit den ausgewählten Einträgen
what-to-look-for = Wonach gesucht wird
search = Suchen
show-everything = Alles zeigen
the-list-is-long-and-only-a-part-of-it-was-looked-through-the-next-page-goes-on-from-there- = Die Liste ist lang, und nur ein Teil davon wurde durchsucht. Die nächste Seite macht dort weiter.
none-among-those-that-were-looked-through-fits- = Im durchsuchten Teil der Liste passt nichts.
none-fits-take-away-a-part-of-the-search- = Nichts passt. Suchen Sie mit weniger Angaben.
a-part-of-the-name = Ein Teil des Namens
a-part-of-the-user-name-the-full-name-or-the-e-mail-address = Ein Teil des Benutzernamens, des vollständigen Namens oder der E-Mail-Adresse
a-part-of-the-name-or-the-client-id = Ein Teil des Namens oder der Client-ID
a-part-of-the-name-of-a-scope = Ein Teil des Namens einer Berechtigung
a-part-of-the-name-or-of-the-api-key = Ein Teil des Namens oder des API-Schlüssels
a-part-of-the-address-or-of-the-browser-s-name = Ein Teil der Adresse oder des Browsernamens
role = Rolle
kind = Art
state = Zustand
use = Nutzung
order = Reihenfolge
user = Benutzer
client-id = Client-ID
any = Beliebig
people = Personen
service-accounts = Dienstkonten
enabled = Aktiv
disabled = Gesperrt
none-for-90-days = Seit 90 Tagen keine
ends-within-14-days = Endet in den nächsten 14 Tagen
no-decoys = Keine Köder
imported = Importiert
decoys = Köder
oldest-first = Älteste zuerst
newest-first = Neueste zuerst
name-a-to-z = Name, A bis Z
name-z-to-a = Name, Z bis A
those-that-end-first-first = Nach Ablauf, früheste zuerst

# Several records at once

enable = Entsperren
disable = Sperren
delete = Löschen
revoke = Widerrufen
take-back = Zurücknehmen
end = Beenden
end-all-access = Allen Zugriff entziehen
cancel = Abbrechen
disable-count-users- = { $count ->
    [one] Einen Benutzer sperren?
   *[other] { $count } Benutzer sperren?
}
delete-count-users- = { $count ->
    [one] Einen Benutzer löschen?
   *[other] { $count } Benutzer löschen?
}
disable-count-applications- = { $count ->
    [one] Eine Anwendung sperren?
   *[other] { $count } Anwendungen sperren?
}
delete-count-applications- = { $count ->
    [one] Eine Anwendung löschen?
   *[other] { $count } Anwendungen löschen?
}
end-all-access-of-count-applications- = { $count ->
    [one] Einer Anwendung allen Zugriff entziehen?
   *[other] { $count } Anwendungen allen Zugriff entziehen?
}
disable-count-api-keys- = { $count ->
    [one] Einen API-Schlüssel sperren?
   *[other] { $count } API-Schlüssel sperren?
}
revoke-count-api-keys- = { $count ->
    [one] Einen API-Schlüssel widerrufen?
   *[other] { $count } API-Schlüssel widerrufen?
}
end-count-sessions- = { $count ->
    [one] Eine Sitzung beenden?
   *[other] { $count } Sitzungen beenden?
}
take-back-count-grants- = { $count ->
    [one] Eine Freigabe zurücknehmen?
   *[other] { $count } Freigaben zurücknehmen?
}
count-users = { $count } Benutzer
count-applications = { $count ->
    [one] { $count } Anwendung
   *[other] { $count } Anwendungen
}
count-api-keys = { $count } API-Schlüssel
count-sessions = { $count ->
    [one] { $count } Sitzung
   *[other] { $count } Sitzungen
}
count-grants = { $count ->
    [one] { $count } Freigabe
   *[other] { $count } Freigaben
}
key-of-user = { $key } von { $user }
application-by-user = { $application }, von { $user }
nobody-can-sign-in-as-these-users-and-their-sessions-tokens-and-api-keys-stop-working-at-once- = Niemand kann sich mehr als einer dieser Benutzer anmelden, und ihre Sitzungen, Tokens und API-Schlüssel gelten ab sofort nicht mehr.
they-can-be-enabled-again- = Sie können wieder entsperrt werden.
the-accounts-go-and-with-them-their-sessions-their-api-keys-and-all-access-that-they-gave-to-applications- = Die Konten werden gelöscht, mit ihnen ihre Sitzungen, ihre API-Schlüssel und aller Zugriff, den sie Anwendungen gegeben haben.
what-these-users-did-stays-in-the-audit-log- = Was diese Benutzer getan haben, bleibt im Protokoll.
this-can-t-be-undone- = Das lässt sich nicht rückgängig machen.
their-tokens-stop-working-at-once-and-they-can-t-ask-for-new-ones- = Ihre Tokens gelten ab sofort nicht mehr, und sie bekommen keine neuen.
they-can-be-enabled-again-with-the-access-that-people-gave-them- = Sie können wieder entsperrt werden und haben dann den Zugriff, den man ihnen gegeben hat.
all-their-tokens-stop-working-at-once-whosever-they-are- = Alle ihre Tokens gelten ab sofort nicht mehr, für welchen Benutzer auch immer.
what-people-let-them-do-is-taken-back-they-have-to-ask-each-of-them-again- = Alle Freigaben werden zurückgenommen; sie müssen jeden Benutzer neu fragen.
their-tokens-stop-working-at-once-and-what-people-let-them-do-goes-with-them- = Ihre Tokens gelten ab sofort nicht mehr, und alle Freigaben für sie werden mitgelöscht.
requests-that-carry-them-are-refused-at-once- = Anfragen damit werden ab sofort abgewiesen.
whoever-uses-them-has-to-sign-in-again- = Wer sie benutzt, muss sich neu anmelden.
applications-that-these-browsers-signed-in-to-are-told-where-they-ask-to-be- = Anwendungen, in denen man mit diesen Browsern angemeldet ist, werden benachrichtigt, wenn sie das wünschen.
all-tokens-that-came-of-them-stop-working-at-once- = Alle Tokens daraus gelten ab sofort nicht mehr.
the-applications-have-to-ask-these-people-again- = Die Anwendungen müssen diese Personen neu fragen.
not-all-of-it-was-done = Nicht alles wurde ausgeführt
what-follows-is-as-it-was- = Das Folgende ist unverändert.
back-to-the-list = Zurück zur Liste
it-is-not-there-any-more- = Das gibt es nicht mehr.
that-is-done-for-all-that-were-chosen- = Das ist für alle ausgewählten Einträge erledigt.

# Overview

overview = Übersicht
what-needs-attention-and-how-much-goes-on- = Worum Sie sich kümmern sollten, und wie viel los ist.
needs-attention = Zu tun
nothing-does-keys-that-end-soon-failed-sign-ins-applications-nobody-uses-and-decoys-that-were-tried-will-stand-here- = Nichts. Hier stehen bald ablaufende Schlüssel, fehlgeschlagene Anmeldungen, ungenutzte Anwendungen und ausprobierte Köder.
count-uses-of-decoy-keys-in-the-last-30-days = { $count ->
    [one] Ein Versuch mit einem Köder in den letzten 30 Tagen
   *[other] { $count } Versuche mit Ködern in den letzten 30 Tagen
}
count-sign-ins-failed-in-the-last-24-hours = { $count ->
    [one] Eine fehlgeschlagene Anmeldung in den letzten 24 Stunden
   *[other] { $count } fehlgeschlagene Anmeldungen in den letzten 24 Stunden
}
count-administrators-sign-in-with-a-password-alone = { $count ->
    [one] Ein Administrator meldet sich nur mit Passwort an
   *[other] { $count } Administratoren melden sich nur mit Passwort an
}
count-api-keys-end-within-14-days = { $count ->
    [one] Ein API-Schlüssel endet in den nächsten 14 Tagen
   *[other] { $count } API-Schlüssel enden in den nächsten 14 Tagen
}
count-applications-were-not-used-for-90-days = { $count ->
    [one] Eine Anwendung wurde seit 90 Tagen nicht benutzt
   *[other] { $count } Anwendungen wurden seit 90 Tagen nicht benutzt
}
more-than-count-uses-of-decoy-keys-in-the-last-30-days = Mehr als { $count } Versuche mit Ködern in den letzten 30 Tagen
more-than-count-sign-ins-failed-in-the-last-24-hours = Mehr als { $count } fehlgeschlagene Anmeldungen in den letzten 24 Stunden
more-than-count-administrators-sign-in-with-a-password-alone = Mehr als { $count } Administratoren melden sich nur mit Passwort an
more-than-count-api-keys-end-within-14-days = Mehr als { $count } API-Schlüssel enden in den nächsten 14 Tagen
more-than-count-applications-were-not-used-for-90-days = Mehr als { $count } Anwendungen wurden seit 90 Tagen nicht benutzt
somebody-has-read-what-was-meant-for-nobody-find-out-where-the-decoy-lay- = Jemand hat gelesen, was für niemanden bestimmt war: Finden Sie heraus, wo der Köder lag.
a-few-are-people-who-mistyped-many-to-one-account-or-from-one-address-are-not- = Einzelne sind Tippfehler; viele bei einem Konto oder von einer Adresse sind keine.
ask-the-role-admin-for-a-second-factor-and-whoever-has-none-is-led-to-add-one- = Verlangen Sie für die Rolle admin einen zweiten Faktor; wer keinen hat, wird durch die Einrichtung geführt.
whoever-uses-them-is-refused-then-rotate-them-or-give-them-more-time- = Wer sie benutzt, wird dann abgewiesen: Erneuern oder verlängern Sie sie.
whoever-uses-them-will-be-refused-then- = Wer sie benutzt, wird dann abgewiesen.
what-nobody-uses-is-only-a-way-in-disable-it-and-delete-it-when-nobody-has-asked-for-it- = Was niemand benutzt, ist nur ein Einfallstor: Sperren Sie es, und löschen Sie es, wenn niemand danach fragt.
sign-ins = Anmeldungen
signed-in = Angemeldet
failed = Fehlgeschlagen
tokens = Tokens
given-out = Ausgegeben
requests-with-a-credential = Anfragen mit Zugangsdaten
let-in = Zugelassen
refused = Abgewiesen
none-in-the-last-days-days- = Keine in den letzten { $days } Tagen.
good-count-in-days-days-the-table-below-has-each-day- = { $good }: { $count } in { $days } Tagen. Die Tabelle darunter nennt jeden Tag.
good-count-bad-less-in-days-days-the-table-below-has-each-day- = { $good }: { $count }, { $bad }: { $less } in { $days } Tagen. Die Tabelle darunter nennt jeden Tag.
day-by-day = Tag für Tag
day = Tag
today = Heute
days-are-counted-in-utc-over-all-nodes-and-written-once-a-minute- = Tage zählen nach UTC, über alle Knoten, und werden jede Minute aktualisiert.

# Users

users = Benutzer
people-who-sign-in-and-service-accounts-that-only-call-apis- = Personen, die sich anmelden, und Dienstkonten, die nur APIs aufrufen.
import = Importieren
new-user = Neuer Benutzer
no-user-among-those-that-were-looked-through-fits- = Im durchsuchten Teil der Liste passt kein Benutzer.
no-user-fits-take-away-a-part-of-the-search- = Kein Benutzer passt. Suchen Sie mit weniger Angaben.
service-account = Dienstkonto
user-name = Benutzername
without-it-can-t-be-changed-later- = Ohne @. Er kann später nicht geändert werden.
full-name = Vollständiger Name
e-mail-address = E-Mail-Adresse
it-signs-in-as-well-as-the-user-name- = Man kann sich damit ebenso anmelden wie mit dem Benutzernamen.
password = Passwort
at-least-8-characters- = Mindestens 8 Zeichen.
at-least-8-characters-a-service-account-has-none- = Mindestens 8 Zeichen. Ein Dienstkonto hat keines.
for-api-calls-alone-no-password-and-no-sign-in-only-api-keys = Nur für API-Aufrufe: ohne Passwort und Anmeldung, nur mit API-Schlüsseln
roles = Rollen
a-change-holds-from-the-next-request-on- = Eine Änderung gilt ab der nächsten Anfrage.
create-user = Benutzer anlegen
username-since = { $username } · seit
about-name = Über { $name }
details = Details
settings = Einstellungen
save-changes = Änderungen speichern
actions = Aktionen
no-sign-in-and-sessions-tokens-and-keys-stop-working-at-once- = Keine Anmeldung mehr; Sitzungen, Tokens und Schlüssel gelten ab sofort nicht mehr.
the-user-can-sign-in-again-and-keys-work-again- = Der Benutzer kann sich wieder anmelden, und Schlüssel gelten wieder.
the-account-its-sessions-keys-and-grants-go-for-good- = Das Konto, seine Sitzungen, Schlüssel und Freigaben werden endgültig gelöscht.
keys-for-scripts-and-tools-requests-that-carry-one-are-made-and-logged-in-this-user-s-name- = Schlüssel für Skripte und Werkzeuge. Anfragen damit geschehen im Namen dieses Benutzers und werden so protokolliert.
a-new-password-ends-the-user-s-sessions-and-applications-have-to-ask-again- = Ein neues Passwort beendet die Sitzungen des Benutzers, und Anwendungen müssen neu fragen.
new-password = Neues Passwort
set-password = Passwort festlegen
disable-the-user-name- = Den Benutzer { $name } sperren?
delete-the-user-name- = Den Benutzer { $name } löschen?
disable-user = Benutzer sperren
delete-user = Benutzer löschen
nobody-can-sign-in-as-this-user-and-sessions-tokens-and-api-keys-stop-working-at-once- = Niemand kann sich mehr als dieser Benutzer anmelden; Sitzungen, Tokens und API-Schlüssel gelten ab sofort nicht mehr.
the-account-goes-and-with-it-its-sessions-its-api-keys-and-all-access-that-it-gave-to-applications- = Das Konto wird gelöscht, mit ihm seine Sitzungen, seine API-Schlüssel und aller Zugriff, den es Anwendungen gegeben hat.
what-the-user-did-stays-in-the-audit-log- = Was der Benutzer getan hat, bleibt im Protokoll.
this-is-you-you-will-be-signed-out- = Das sind Sie selbst: Sie werden abgemeldet.
the-user-can-be-enabled-again- = Der Benutzer kann wieder entsperrt werden.
the-user-is-created- = Der Benutzer ist angelegt.
the-changes-are-saved- = Die Änderungen sind gespeichert.
the-password-is-set-the-user-s-sessions-have-ended- = Das Passwort ist festgelegt. Die Sitzungen des Benutzers sind beendet.
the-user-is-enabled- = Der Benutzer ist entsperrt.
the-user-is-disabled-sessions-tokens-and-keys-stopped-working- = Der Benutzer ist gesperrt. Sitzungen, Tokens und Schlüssel funktionieren nicht mehr.
the-user-is-deleted- = Der Benutzer ist gelöscht.
may-do-everything-built-in = Darf alles, von Anfang an da
runs-this-server-users-applications-everything = Verwaltet diesen Server: Benutzer, Anwendungen, alles
there-is-no-such-user- = Diesen Benutzer gibt es nicht.
the-user-name-is-taken- = Dieser Benutzername ist schon vergeben.
the-e-mail-address-belongs-to-another-user- = Diese E-Mail-Adresse gehört einem anderen Benutzer.
a-service-account-has-no-password-it-uses-api-keys- = Ein Dienstkonto hat kein Passwort; es benutzt API-Schlüssel.
this-is-the-last-enabled-administrator-make-another-one-first- = Das ist der letzte aktive Administrator; bestimmen Sie zuerst einen anderen.
the-last-administrator-keeps-the-role-admin- = Der letzte Administrator behält die Rolle admin.
this-is-you-change-your-password-on-your-account-page-where-the-current-one-is-asked-for- = Das sind Sie selbst: Ändern Sie Ihr Passwort in Ihrem Konto, wo nach dem jetzigen gefragt wird.
a-service-account-has-no-password-leave-this-field-empty- = Ein Dienstkonto hat kein Passwort: Lassen Sie dieses Feld leer.
enter-a-password-or-make-it-a-service-account- = Geben Sie ein Passwort ein, oder machen Sie ein Dienstkonto daraus.

# Applications

applications = Anwendungen
what-people-can-sign-in-to-with-their-account-here-and-what-gets-tokens-of-its-own- = Worin man sich mit dem Konto von hier anmelden kann, und was eigene Tokens bekommt.
register-application = Anwendung registrieren
no-application-among-those-that-were-looked-through-fits- = Im durchsuchten Teil der Liste passt keine Anwendung.
no-application-fits-take-away-a-part-of-the-search- = Keine Anwendung passt. Suchen Sie mit weniger Angaben.
no-applications-yet = Noch keine Anwendungen
register-one-to-let-people-sign-in-to-it-with-their-account-here- = Registrieren Sie eine, damit man sich darin mit dem Konto von hier anmelden kann.
not-verified = Nicht geprüft
public = Öffentlich
confidential = Vertraulich
edit = Bearbeiten
edit-name = { $name } bearbeiten
the-new-secret-of-name = Das neue Geheimnis von { $name }
name-is-registered = { $name } ist registriert
copy-the-secret-into-the-application-now-it-is-shown-this-once- = Kopieren Sie das Geheimnis jetzt in die Anwendung. Es wird nur dieses eine Mal gezeigt.
client-secret = Client-Geheimnis
i-have-copied-it = Ich habe es kopiert
registration = Registrierung
authentication = Authentifizierung
redirect-uris = Redirect-URIs
none = Keine
gets-tokens-by = Bekommt Tokens durch
scopes = Berechtigungen
not-refusable = Nicht ablehnbar
roles-of-its-own = Eigene Rollen
public-keys = Öffentliche Schlüssel
must = Pflichten
pkce = PKCE
required = Erforderlich
accepted = Möglich
consent = Zustimmung
skipped-trusted = Entfällt: vertrauenswürdig
people-are-asked = Benutzer werden gefragt
registered = Registriert
by-an-administrator = durch einen Administrator
by-itself = durch sich selbst
in-its-registration = In der Registrierung
pushes-its-authorization-requests-par- = Reicht ihre Autorisierungsanfragen vorab ein (PAR)
signs-its-authorization-requests = Signiert ihre Autorisierungsanfragen
proves-possession-of-a-key-for-each-token-dpop- = Weist für jedes Token den Besitz eines Schlüssels nach (DPoP)
asks-everybody-for-a-second-factor = Verlangt von allen einen zweiten Faktor
a-new-secret-replaces-the-one-in-use- = Ein neues Geheimnis ersetzt das jetzige.
rotate-secret = Geheimnis erneuern
its-tokens-stop-working-at-once-it-can-be-enabled-again- = Ihre Tokens gelten ab sofort nicht mehr. Sie kann wieder entsperrt werden.
it-works-again-with-the-access-that-people-gave-it- = Sie kann wieder benutzt werden, mit dem Zugriff, den man ihr gegeben hat.
all-its-tokens-stop-working-at-once-and-it-has-to-ask-everybody-again- = Alle ihre Tokens gelten ab sofort nicht mehr, und sie muss alle neu fragen.
its-registration-its-tokens-and-all-access-that-people-gave-it-go-for-good- = Ihre Registrierung, ihre Tokens und alle Freigaben für sie werden endgültig gelöscht.
disable-the-application-name- = Die Anwendung { $name } sperren?
delete-the-application-name- = Die Anwendung { $name } löschen?
end-all-access-of-name- = { $name } allen Zugriff entziehen?
replace-the-secret-of-name- = Geheimnis von { $name } ersetzen?
disable-application = Anwendung sperren
delete-application = Anwendung löschen
its-tokens-stop-working-at-once-and-it-can-t-ask-for-new-ones- = Ihre Tokens gelten ab sofort nicht mehr, und sie bekommt keine neuen.
it-can-be-enabled-again-with-the-access-that-people-gave-it- = Sie kann wieder entsperrt werden und hat dann den Zugriff, den man ihr gegeben hat.
all-its-tokens-stop-working-at-once-whosever-they-are- = Alle ihre Tokens gelten ab sofort nicht mehr, für welchen Benutzer auch immer.
what-people-let-it-do-is-taken-back-it-has-to-ask-each-of-them-again- = Alle Freigaben werden zurückgenommen; sie muss jeden Benutzer neu fragen.
it-stays-registered-with-its-secret-rotate-that-too-if-it-may-have-leaked- = Sie bleibt registriert und behält ihr Geheimnis. Erneuern Sie auch das, wenn es in falsche Hände geraten sein könnte.
the-present-secret-stops-working-at-once-the-application-can-t-get-tokens-until-it-has-the-new-one- = Das jetzige Geheimnis gilt ab sofort nicht mehr: Die Anwendung bekommt erst wieder Tokens, wenn sie das neue hat.
people-who-let-it-in-stay-connected- = Wer sie zugelassen hat, bleibt verbunden.
the-new-secret-is-shown-once-on-the-next-page- = Das neue Geheimnis wird einmal gezeigt, auf der nächsten Seite.
count-people-let-it-use-their-account-what-they-granted-is-deleted-with-it- = { $count ->
    [one] Eine Person hat ihr Zugriff auf ihr Konto gegeben; diese Freigabe wird mitgelöscht.
   *[other] { $count } Personen haben ihr Zugriff auf ihr Konto gegeben; diese Freigaben werden mitgelöscht.
}
the-application-is-registered- = Die Anwendung ist registriert.
the-application-is-enabled- = Die Anwendung ist entsperrt.
the-application-is-disabled-its-tokens-stopped-working- = Die Anwendung ist gesperrt. Ihre Tokens funktionieren nicht mehr.
all-access-of-the-application-has-ended- = Der Anwendung ist jeder Zugriff entzogen.
the-application-is-deleted- = Die Anwendung ist gelöscht.

# The form of an application

name = Name
people-see-it-when-the-application-asks-for-access- = Benutzer sehen ihn, wenn die Anwendung um Zugriff bittet.
one-a-line-exactly-as-the-application-sends-them-https-or-http-on-127-0-0-1-with-any-port- = Eine pro Zeile, genau wie die Anwendung sie sendet. https, oder http auf 127.0.0.1 mit beliebigem Port.
how-it-authenticates = Wie sie sich ausweist
how-it-gets-tokens = Wie sie Tokens bekommt
scopes-it-may-ask-for = Berechtigungen, um die sie bitten darf
more-pkce-keys-consent-sign-out-roles = Mehr: PKCE, Schlüssel, Zustimmung, Abmeldung, Rollen
require-pkce = PKCE verlangen
public-applications-must-use-it-in-any-case = Öffentliche Anwendungen müssen es in jedem Fall benutzen
require-dpop = DPoP verlangen
all-its-access-tokens-are-bound-to-a-key-of-its-own = Alle ihre Access-Tokens sind an einen eigenen Schlüssel gebunden
require-signed-requests = Signierte Anfragen verlangen
it-asks-for-sign-ins-by-requests-that-it-signed-with-its-key = Sie bittet um Anmeldungen mit Anfragen, die sie mit ihrem Schlüssel signiert hat
require-a-second-factor = Zweiten Faktor verlangen
nobody-signs-in-to-it-with-a-password-alone = Niemand meldet sich darin nur mit einem Passwort an
trusted-skip-consent = Vertrauenswürdig: ohne Zustimmung
for-applications-of-your-own-people-are-not-asked = Für eigene Anwendungen; Benutzer werden nicht gefragt
a-json-web-key-set-keys-for-an-application-that-signs-never-a-private-key- = Ein JSON Web Key Set: { "{" }"keys": [...]{ "}" }. Für eine Anwendung, die signiert; niemals ein privater Schlüssel.
address-of-its-public-keys = Adresse ihrer öffentlichen Schlüssel
instead-of-the-keys-themselves-an-https-address-where-the-application-publishes-them- = Statt der Schlüssel selbst: eine https-Adresse, unter der die Anwendung sie veröffentlicht.
addresses-after-sign-out = Adressen nach der Abmeldung
one-a-line-where-the-application-may-send-people-once-they-have-signed-out-here- = Eine pro Zeile: wohin die Anwendung Benutzer schicken darf, nachdem sie sich hier abgemeldet haben.
address-for-news-of-sign-outs = Adresse für Nachrichten von Abmeldungen
this-server-tells-it-there-when-somebody-s-session-has-ended- = Dorthin meldet dieser Server, wenn eine Sitzung beendet ist.
scopes-that-can-t-be-refused = Nicht ablehnbare Berechtigungen
of-those-above-separated-by-spaces-the-others-are-optional-people-can-untick-them- = Von den obigen, durch Leerzeichen getrennt. Die anderen sind freiwillig: Benutzer können sie abwählen.
they-count-only-where-it-acts-as-itself-by-client-credentials- = Sie gelten nur, wo sie in eigenem Namen handelt (Client Credentials).
none-public-client- = Gar nicht (öffentliche Anwendung)
secret-by-http-basic = Geheimnis, per HTTP Basic
secret-in-the-body = Geheimnis, im Inhalt der Anfrage
its-own-key-by-signed-jwt = Eigener Schlüssel, per signiertem JWT
a-server-that-can-keep-a-secret = Ein Server, der ein Geheimnis bewahren kann
a-server-whose-library-knows-no-other-way = Ein Server, dessen Bibliothek es nicht anders kann
a-server-that-signs-private-key-jwt-give-its-public-keys-below = Ein Server, der signiert (private_key_jwt); geben Sie unten seine öffentlichen Schlüssel an
an-app-a-page-or-a-tool-on-the-user-s-machine-pkce-is-required = Eine App, eine Seite oder ein Werkzeug auf dem Gerät des Benutzers; PKCE ist erforderlich
authorization-code = Autorisierungscode
refresh-token = Refresh-Token
client-credentials = Client Credentials
token-exchange = Token-Tausch
signed-assertion = Signierte Zusicherung
device-code = Gerätecode
implicit = Implizit
a-person-signs-in-and-agrees = Eine Person meldet sich an und stimmt zu
it-stays-connected-without-asking-again = Sie bleibt verbunden, ohne neu zu fragen
it-acts-as-itself-without-a-person = Sie handelt in eigenem Namen, ohne eine Person
it-makes-a-narrower-token-of-one-that-it-was-given-or-of-an-api-key = Sie macht aus einem Token oder einem API-Schlüssel ein Token mit weniger Rechten
it-signs-to-act-as-a-service-account-that-it-was-given-on-the-command-line = Sie signiert, um als ein Dienstkonto zu handeln, das ihr auf der Kommandozeile zugewiesen wurde
a-person-types-its-code-on-another-device-tvs-tools-without-a-browser = Eine Person gibt ihren Code auf einem anderen Gerät ein: Fernseher, Werkzeuge ohne Browser
it-gets-id-tokens-without-a-code-as-old-libraries-for-pages-do-new-ones-need-it-not = Sie bekommt id_tokens ohne Code, wie alte Bibliotheken für Seiten; neue brauchen das nicht
enter-a-name-people-see-it-when-they-are-asked-for-consent- = Geben Sie einen Namen ein: Benutzer sehen ihn, wenn sie um Zustimmung gebeten werden.
choose-at-least-one-way-to-get-tokens- = Wählen Sie mindestens einen Weg, Tokens zu bekommen.
choose-at-least-one-scope- = Wählen Sie mindestens eine Berechtigung.
line-1-plain-http-is-only-for-loopback-addresses- = Zeile 1: http ohne s gilt nur für Loopback-Adressen.
a-public-client-can-skip-consent-only-with-https-redirect-uris- = Eine öffentliche Anwendung kann nur mit https-Redirect-URIs ohne Zustimmung auskommen.
a-client-needs-at-least-one-grant-type- = Eine Anwendung braucht mindestens einen Weg, Tokens zu bekommen.
a-client-needs-at-least-one-scope-or-it-could-never-be-given-anything- = Eine Anwendung braucht mindestens eine Berechtigung, sonst könnte sie nie etwas bekommen.
a-client-that-uses-authorization-codes-needs-a-redirect-uri- = Eine Anwendung mit Autorisierungscodes braucht eine Redirect-URI.
a-redirect-uri-is-of-use-only-with-the-grant-type-authorization-code- = Eine Redirect-URI nützt nur mit dem Weg Autorisierungscode.
a-client-with-the-grant-type-implicit-can-have-https-redirect-uris-only- = Eine Anwendung mit dem Weg Implizit kann nur https-Redirect-URIs haben.
a-client-may-have-50-redirect-uris-at-most- = Eine Anwendung darf höchstens 50 Redirect-URIs haben.
refresh-tokens-come-only-with-authorization-codes-and-device-codes-add-the-grant-type-authorization-code- = Refresh-Tokens gibt es nur mit Autorisierungscodes und Gerätecodes; wählen Sie auch Autorisierungscode.
a-public-client-cannot-act-in-its-own-name-it-has-no-secret-to-prove-who-it-is-rfc-6749-4-4- = Eine öffentliche Anwendung kann nicht in eigenem Namen handeln: Sie hat kein Geheimnis, um sich auszuweisen (RFC 6749 §4.4).
a-public-client-cannot-act-as-a-service-account-anybody-could-pose-as-it- = Eine öffentliche Anwendung kann nicht als Dienstkonto handeln: Jeder könnte sich für sie ausgeben.
a-public-client-can-be-trusted-only-if-all-its-redirect-uris-are-https-others-can-be-claimed-by-any-program- = Eine öffentliche Anwendung kann nur vertrauenswürdig sein, wenn alle ihre Redirect-URIs https sind: Andere kann jedes Programm für sich beanspruchen.
a-needed-scope-must-be-one-of-the-client-s-scopes- = Eine nicht ablehnbare Berechtigung muss zu den Berechtigungen der Anwendung gehören.
a-client-with-pairwise-subjects-and-redirect-uris-on-several-hosts-needs-a-sector-identifier-uri- = Eine Anwendung mit paarweisen Kennungen und Redirect-URIs auf mehreren Hosts braucht eine sector_identifier_uri.
a-client-has-jwks-or-jwks-uri-not-both-rfc-7591- = Eine Anwendung hat öffentliche Schlüssel oder deren Adresse, nicht beides (RFC 7591).
private-key-jwt-needs-the-client-s-public-keys-give-jwks-or-jwks-uri- = private_key_jwt braucht die öffentlichen Schlüssel der Anwendung: Geben Sie diese oder deren Adresse an.
the-grant-type-jwt-bearer-needs-the-client-s-public-keys-give-jwks-or-jwks-uri- = Signierte Zusicherungen brauchen die öffentlichen Schlüssel der Anwendung: Geben Sie diese oder deren Adresse an.
signed-requests-need-the-client-s-public-keys-give-jwks-or-jwks-uri- = Signierte Anfragen brauchen die öffentlichen Schlüssel der Anwendung: Geben Sie diese oder deren Adresse an.
only-a-client-that-an-administrator-registered-can-act-in-its-own-name-client-credentials- = Nur eine von einem Administrator registrierte Anwendung kann in eigenem Namen handeln (client_credentials).
only-a-client-that-an-administrator-registered-can-act-as-a-service-account-jwt-bearer- = Nur eine von einem Administrator registrierte Anwendung kann als Dienstkonto handeln (jwt-bearer).
only-a-client-that-an-administrator-registered-can-be-trusted- = Nur eine von einem Administrator registrierte Anwendung kann vertrauenswürdig sein.
only-a-client-that-an-administrator-registered-can-have-roles-or-be-a-resource- = Nur eine von einem Administrator registrierte Anwendung kann Rollen haben oder eine Ressource sein.
only-a-client-that-an-administrator-registered-can-have-some-of-these-scopes- = Einige dieser Berechtigungen kann nur eine von einem Administrator registrierte Anwendung haben.

# API keys, sessions, grants

api-keys = API-Schlüssel
everybody-s-keys-for-scripts-and-tools-a-key-is-made-on-its-user-s-page- = Die Schlüssel aller Benutzer für Skripte und Werkzeuge. Ein Schlüssel wird auf der Seite seines Benutzers erstellt.
there-are-no-api-keys-yet- = Es gibt noch keine API-Schlüssel.
unnamed-key = Schlüssel ohne Namen
of = von
last-used = Zuletzt benutzt
never-used = Nie benutzt
expired = Abgelaufen
expires = Läuft ab
sessions = Sitzungen
who-is-signed-in-and-from-where- = Wer angemeldet ist, und von wo.
nobody-is-signed-in- = Niemand ist angemeldet.
this-browser = Dieser Browser
grants = Freigaben
what-people-let-applications-do-in-their-name- = Was Benutzer Anwendungen in ihrem Namen erlaubt haben.
nobody-has-let-an-application-in-yet- = Noch niemand hat einer Anwendung Zugriff gegeben.
by = durch
since = Erlaubt
ends = Endet
until-it-is-taken-back = Bis sie zurückgenommen wird

# Audit

audit = Protokoll
who-did-what-to-what-newest-first-entries-are-never-changed-and-never-hold-a-secret- = Wer was womit getan hat, das Neueste zuerst. Einträge werden nie geändert und enthalten nie ein Geheimnis.
what-was-done = Was geschah
by-whom = Durch wen
to-what = Woran
a-user-name-or-an-id-as-below = Ein Benutzername oder eine Kennung wie unten
from-this-day-on = Ab diesem Tag
up-to-this-day = Bis zu diesem Tag
days-are-those-of-utc = Tage zählen nach UTC
anything = Alles
this-is-not-a-day-write-it-as-2026-11-24- = Das ist kein Tag: Schreiben Sie ihn wie 2026-11-24.
nothing-was-done-that-fits-take-away-a-part-of-the-search- = Kein Eintrag passt. Suchen Sie mit weniger Angaben.
nothing-was-done-yet- = Noch ist nichts geschehen.
to = betrifft
from-address = von { $address }
more = Weiteres
credential = Zugangsdaten
request = Anfrage
link-in-a-mail = Link in einer E-Mail
command-line = Kommandozeile
housekeeping = der Server selbst
setup = Einrichtung
e-mail-verification = Bestätigung einer E-Mail-Adresse
password-reset = Zurücksetzen eines Passworts
bearer-of-the-token = Inhaber des Tokens
somebody-who-found-a-secret = jemanden, der ein Geheimnis gefunden hat
all-that-is-looked-for-as-a-file- = Alles Gesuchte als Datei:
json-lines = JSON Lines
csv = CSV
the-first-administrator-was-made- = Der erste Administrator wurde angelegt.
a-person-signed-in- = Eine Person hat sich angemeldet.
a-password-was-wrong- = Ein Passwort war falsch.
a-second-factor-was-wrong- = Ein zweiter Faktor war falsch.
a-person-signed-out- = Eine Person hat sich abgemeldet.
a-user-was-made- = Ein Benutzer wurde angelegt.
a-user-s-profile-was-changed- = Das Profil eines Benutzers wurde geändert.
a-user-was-enabled- = Ein Benutzer wurde entsperrt.
a-user-was-disabled- = Ein Benutzer wurde gesperrt.
a-user-was-deleted- = Ein Benutzer wurde gelöscht.
a-user-s-password-was-changed- = Das Passwort eines Benutzers wurde geändert.
a-link-for-a-new-password-was-asked-for- = Ein Link für ein neues Passwort wurde angefordert.
a-link-was-asked-for-that-shows-whose-an-e-mail-address-is- = Ein Link wurde angefordert, der zeigt, wem eine E-Mail-Adresse gehört.
a-link-showed-whose-an-e-mail-address-is- = Ein Link hat gezeigt, wem eine E-Mail-Adresse gehört.
a-person-made-their-own-account- = Eine Person hat selbst ein Konto angelegt.
a-user-got-a-second-factor- = Ein Benutzer hat einen zweiten Faktor bekommen.
a-user-s-second-factor-was-removed- = Ein zweiter Faktor eines Benutzers wurde entfernt.
all-second-factors-of-a-user-were-removed-by-somebody-else- = Alle zweiten Faktoren eines Benutzers wurden von jemand anderem entfernt.
a-user-got-new-recovery-codes- = Ein Benutzer hat neue Wiederherstellungscodes bekommen.
a-recovery-code-was-used- = Ein Wiederherstellungscode wurde benutzt.
a-role-was-given-to-a-user- = Ein Benutzer hat eine Rolle bekommen.
a-role-was-taken-from-a-user- = Einem Benutzer wurde eine Rolle entzogen.
a-role-was-made- = Eine Rolle wurde angelegt.
what-a-role-is-for-was-changed- = Die Beschreibung einer Rolle wurde geändert.
a-role-was-deleted- = Eine Rolle wurde gelöscht.
a-scope-was-made- = Eine Berechtigung wurde angelegt.
a-scope-s-sentence-or-the-roles-that-it-is-bound-to-were-changed- = Der Satz einer Berechtigung oder die Rollen, an die sie gebunden ist, wurden geändert.
a-scope-was-deleted- = Eine Berechtigung wurde gelöscht.
a-type-of-authorization-details-was-registered- = Eine Art von Autorisierungsdetails wurde registriert.
a-type-of-authorization-details-was-deleted- = Eine Art von Autorisierungsdetails wurde gelöscht.
a-resource-was-registered- = Eine Ressource wurde registriert.
a-resource-was-changed- = Eine Ressource wurde geändert.
a-resource-was-deleted- = Eine Ressource wurde gelöscht.
a-client-was-registered- = Eine Anwendung wurde registriert.
a-client-s-registration-was-changed- = Die Registrierung einer Anwendung wurde geändert.
a-client-was-enabled- = Eine Anwendung wurde entsperrt.
a-client-was-disabled- = Eine Anwendung wurde gesperrt.
all-that-a-client-had-was-taken-from-it- = Einer Anwendung wurde aller Zugriff entzogen.
a-client-was-deleted- = Eine Anwendung wurde gelöscht.
a-client-got-a-new-secret- = Eine Anwendung hat ein neues Geheimnis bekommen.
a-token-with-which-others-may-register-clients-was-made- = Ein Token wurde ausgestellt, mit dem andere Anwendungen registrieren können.
such-a-token-was-taken-back- = Ein Token zum Registrieren von Anwendungen wurde zurückgenommen.
an-api-key-was-made- = Ein API-Schlüssel wurde erstellt.
an-api-key-got-another-name-or-was-enabled-or-disabled- = Ein API-Schlüssel wurde umbenannt, entsperrt oder gesperrt.
an-api-key-got-a-new-secret- = Ein API-Schlüssel hat ein neues Geheimnis bekommen.
an-api-key-was-revoked- = Ein API-Schlüssel wurde widerrufen.
a-signing-key-was-made-that-will-take-the-place-of-another- = Ein Signaturschlüssel wurde erstellt, der einen anderen ablösen wird.
a-key-was-brought-here-from-elsewhere- = Ein Schlüssel wurde von anderswo importiert.
somebody-tried-a-decoy- = Jemand hat einen Köder ausprobiert.
a-secret-was-found-where-it-should-not-be-and-was-put-out-of-use- = Ein Geheimnis wurde gefunden, wo es nicht sein sollte, und außer Kraft gesetzt.
a-session-was-ended-from-elsewhere- = Eine Sitzung wurde von anderswo beendet.
a-user-let-a-client-in- = Ein Benutzer hat einer Anwendung Zugriff gegeben.
a-user-turned-a-client-away- = Ein Benutzer hat eine Anwendung abgewiesen.
a-grant-was-taken-back- = Eine Freigabe wurde zurückgenommen.
a-client-put-one-of-its-tokens-out-of-use-rfc-7009- = Eine Anwendung hat eines ihrer Tokens außer Kraft gesetzt (RFC 7009).
a-client-used-one-code-challenge-twice-which-protects-it-from-nobody-who-saw-the-first-rfc-9700-2-1-1- = Eine Anwendung hat eine Code-Challenge zweimal benutzt; das schützt sie vor niemandem, der die erste gesehen hat (RFC 9700 §2.1.1).
a-code-was-used-again-its-tokens-were-ended- = Ein Code wurde noch einmal benutzt; seine Tokens wurden beendet.
a-refresh-token-was-used-again-its-family-was-ended- = Ein Refresh-Token wurde noch einmal benutzt; alle daraus entstandenen Tokens wurden beendet.

# Import

users-with-their-api-keys-and-applications-of-a-frappe-site-and-keys-from-anywhere-it-is-all-or-nothing-and-a-second-time-nothing-changes- = Benutzer mit ihren API-Schlüsseln und Anwendungen einer Frappe-Site, und Schlüssel von überall her. Es gilt alles oder nichts, und beim zweiten Mal ändert sich nichts.
what-you-sent-is-not-shown-again-for-it-holds-secrets-paste-it-once-more-to-go-on- = Was Sie gesendet haben, wird nicht wieder gezeigt, denn es enthält Geheimnisse. Fügen Sie es noch einmal ein, um fortzufahren.
what-to-bring-here = Was importiert wird
together-the-fields-take-64-kib-as-a-browser-sends-them-about-30-kb-of-json-larger-files-go-by-the-command-line- = Zusammen fassen die Felder 64 KiB, wie ein Browser sie sendet, etwa 30 kB JSON. Für größere Dateien nehmen Sie die Kommandozeile:
what-you-paste-is-never-shown-again-whatever-comes-of-it- = Was Sie einfügen, wird in keinem Fall wieder gezeigt.
frappe-users = Frappe-Benutzer
the-records-of-user-as-json-or-csv-without-api-secret-in-the-clear-they-come-without-their-keys- = Die Datensätze von User, als JSON oder CSV. Ohne api_secret im Klartext kommen sie ohne ihre Schlüssel.
roles-with-another-name-here = Rollen, die hier anders heißen
one-a-line-such-as-system-manager-admin-nothing-behind-the-equals-sign-leaves-a-role-out-nobody-becomes-an-administrator-but-by-such-a-line- = Eine pro Zeile, etwa System Manager = admin. Steht nichts hinter dem Gleichheitszeichen, fällt die Rolle weg. Nur durch eine solche Zeile wird jemand Administrator.
frappe-oauth-clients = Frappe-OAuth-Clients
the-records-of-oauth-client-as-json-or-csv- = Die Datensätze von OAuth Client, als JSON oder CSV.
api-keys-by-the-hash-of-their-secret = API-Schlüssel mit dem Hash ihres Geheimnisses
a-json-array-or-one-object-a-line-with-user-name-sha256-full-access-or-scopes-and-where-wanted-api-key- = Ein JSON-Array oder ein Objekt pro Zeile, mit user, name, sha256, full_access oder scopes und auf Wunsch api_key.
only-show-what-would-happen = Nur zeigen, was geschehen würde
nothing-is-changed = Nichts wird geändert
leave-out-what-cannot-be-brought-here = Auslassen, was nicht importiert werden kann
without-this-one-bad-record-stops-all-of-it = Sonst hält ein einziger falscher Datensatz alles auf
what-stands-against-it = Was dagegen spricht
what-would-happen = Was geschehen würde
what-happened = Was geschehen ist
new = Neu
would-be-new = Wäre neu
here-already = Schon hier
left-out = Ausgelassen
scope = Berechtigung
application = Anwendung
api-key = API-Schlüssel
paste-an-export-there-is-nothing-to-import- = Fügen Sie einen Export ein: Es gibt nichts zu importieren.
nothing-is-new-unchanged-records-are-here-already- = { $unchanged ->
    [one] Nichts ist neu: Ein Datensatz ist schon hier.
   *[other] Nichts ist neu: { $unchanged } Datensätze sind schon hier.
}
created-records-are-new-here-unchanged-were-here-already- = Neu hier: { $created } Datensätze. Schon hier: { $unchanged }.
created-records-are-new-here-unchanged-were-here-already-refused-cannot-be-brought-here- = Neu hier: { $created } Datensätze. Schon hier: { $unchanged }. Nicht importierbar: { $refused }.
nothing-was-done-this-is-what-would-be-what = Nichts wurde geändert. Das würde geschehen: { $what }
count-records-cannot-be-brought-here-so-nothing-was-mend-them-or-choose-to-leave-them-out- = { $count ->
    [one] Ein Datensatz kann nicht importiert werden, darum wurde keiner importiert. Berichtigen Sie ihn, oder lassen Sie ihn aus.
   *[other] { $count } Datensätze können nicht importiert werden, darum wurde keiner importiert. Berichtigen Sie sie, oder lassen Sie sie aus.
}
it-was-revoked-here-and-stays-so = Er wurde hier widerrufen, und dabei bleibt es
it-has-another-secret-here-by-now-and-keeps-it = Er hat hier inzwischen ein anderes Geheimnis und behält es
it-stands-for-visitors-who-are-not-signed-in-and-those-need-no-user-here = Er steht für Besucher, die nicht angemeldet sind; sie brauchen hier keinen Benutzer

# What is wrong with a field

the-user-name-problem- = Der Benutzername { $problem }.
the-full-name-problem- = Der vollständige Name { $problem }.
the-e-mail-address-problem- = Die E-Mail-Adresse { $problem }.
a-role-s-name-problem- = Der Name einer Rolle { $problem }.
the-password-problem- = Das Passwort { $problem }.
the-new-password-problem- = Das neue Passwort { $problem }.
the-name-problem- = Der Name { $problem }.
line-number-problem- = Zeile { $number } { $problem }.
line-number-has-no-equals-sign- = Zeile { $number } hat kein Gleichheitszeichen.
is-empty = ist leer
has-more-than-64-characters = hat mehr als 64 Zeichen
has-more-than-100-characters = hat mehr als 100 Zeichen
has-more-than-200-characters = hat mehr als 200 Zeichen
has-more-than-254-characters = hat mehr als 254 Zeichen
has-more-than-1024-characters = hat mehr als 1024 Zeichen
has-a-character-that-is-not-allowed-use-letters-digits-and- = hat ein Zeichen, das nicht erlaubt ist: Nehmen Sie Buchstaben, Ziffern und . _ -
has-a-character-that-is-not-allowed-use-letters-digits-spaces-and- = hat ein Zeichen, das nicht erlaubt ist: Nehmen Sie Buchstaben, Ziffern, Leerzeichen und . _ : -
has-a-control-character-or-one-that-cannot-be-seen = hat ein Steuerzeichen oder ein unsichtbares Zeichen
heaps-too-many-accents-on-one-letter = hat zu viele Akzente auf einem Buchstaben
must-begin-with-a-letter-or-a-digit = muss mit einem Buchstaben oder einer Ziffer beginnen
has-a-space-at-its-beginning-or-end-or-two-in-a-row = hat am Anfang oder am Ende ein Leerzeichen, oder zwei hintereinander
mixes-letters-of-several-scripts-such-as-latin-and-cyrillic-which-look-alike = mischt Buchstaben mehrerer Schriften, etwa lateinische und kyrillische, die gleich aussehen
looks-the-same-as-a-name-in-plain-latin-letters-but-is-another-write-it-in-plain-letters = sieht aus wie ein Name in einfachen lateinischen Buchstaben, ist aber ein anderer: Nehmen Sie einfache Buchstaben
is-not-an-e-mail-address-it-must-look-like-name-example-org = ist keine E-Mail-Adresse: Sie muss aussehen wie name@example.org
has-fewer-than-8-characters-use-a-longer-one-such-as-a-few-words-that-only-you-put-together = hat weniger als 8 Zeichen: Nehmen Sie ein längeres, etwa ein paar Wörter, die nur Sie so zusammenstellen
is-one-of-those-that-are-guessed-first-use-one-that-nobody-else-uses = gehört zu denen, die zuerst geraten werden: Nehmen Sie eines, das sonst niemand benutzt
is-the-user-name-or-the-e-mail-address-which-others-know = ist der Benutzername oder die E-Mail-Adresse, und die kennen andere
must-be-an-absolute-uri-such-as-https-app-example-callback = muss eine absolute URI sein, etwa https://app.example/callback
is-longer-than-2000-bytes = ist länger als 2000 Bytes
has-a-character-that-no-uri-may-hold-spaces-and-letters-beyond-ascii-have-to-be-percent-encoded- = hat ein Zeichen, das in keiner URI stehen darf (Leerzeichen und Buchstaben außerhalb von ASCII müssen prozentkodiert sein)
has-a-percent-sign-without-two-hex-digits-behind-it = hat ein Prozentzeichen ohne zwei Hexadezimalziffern dahinter
has-an-asterisk-wildcards-are-not-known-here-register-each-address-in-full = hat einen Stern: Platzhalter gibt es hier nicht, registrieren Sie jede Adresse vollständig
has-a-fragment-which-a-redirect-uri-must-not-have = hat ein Fragment (#), das eine Redirect-URI nicht haben darf
has-a-user-name-or-password-before-its-host = hat einen Benutzernamen oder ein Passwort vor dem Host
has-no-host-or-one-that-is-not-written-as-browsers-write-it = hat keinen Host, oder einen, den Browser anders schreiben
has-a-port-that-is-not-a-number-from-1-to-65535-without-leading-zeros = hat einen Port, der keine Zahl von 1 bis 65535 ohne führende Nullen ist
is-plain-http-use-https-http-is-for-127-0-0-1-1-and-localhost-alone- = ist http ohne s: Nehmen Sie https (http ist nur für 127.0.0.1, [::1] und localhost)
has-a-scheme-that-browsers-open-themselves-use-https-or-a-scheme-of-the-application-s-own = hat ein Schema, das Browser selbst öffnen: Nehmen Sie https oder ein eigenes Schema der Anwendung
has-a-scheme-that-is-not-a-reversed-domain-name-such-as-com-example-app-rfc-8252-section-7-1- = hat ein Schema, das kein umgekehrter Domainname wie com.example.app ist (RFC 8252, Abschnitt 7.1)
has-its-scheme-in-capital-letters-write-https-or-http = hat das Schema in Großbuchstaben: Schreiben Sie https oder http
has-or-between-the-slashes-of-its-path-which-browsers-would-take-out = hat . oder .. zwischen den Schrägstrichen des Pfads, was Browser entfernen würden
the-authentication-method-must-be-one-of-known- = Wie sie sich ausweist, muss eines von diesen sein: { $known }.
there-is-no-grant-type-unknown-here-known-are-known- = Den Weg { $unknown } gibt es hier nicht; bekannt sind { $known }.
there-is-no-scope-scope-an-administrator-makes-it-first- = Die Berechtigung { $scope } gibt es nicht; ein Administrator legt sie zuerst an.
there-is-no-role-role- = Die Rolle { $role } gibt es nicht.
this-can-t-be-read-problem- = Das kann nicht gelesen werden: { $problem }.
the-file-is-empty = Die Datei ist leer
it-is-neither-json-nor-a-table-whose-first-line-names-its-columns-such-as-email = Es ist weder JSON noch eine Tabelle, deren erste Zeile die Spalten nennt, etwa Email
a-role-of-the-site-has-no-name- = Eine Rolle der Site hat keinen Namen.
user-browser = { $user }: { $browser }

# What a list refuses

nothing-was-chosen-go-back-and-tick-what-it-is-to-be-done-to- = Nichts ist ausgewählt. Gehen Sie zurück, und wählen Sie Einträge aus.
these-are-more-records-than-stand-on-one-page- = Das sind mehr Einträge, als auf einer Seite stehen.
after-is-none-of-this-list-begin-at-its-first-page- = Diese Stelle gibt es in der Liste nicht; beginnen Sie auf ihrer ersten Seite.
