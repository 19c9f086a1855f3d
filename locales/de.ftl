# German. The name of a text is made of the English one: its letters and digits, a hyphen for anything else.

number_grouping = .

## Numbers and times

jan = Jan.
feb = Feb.
mar = März
apr = Apr.
may = Mai
jun = Juni
jul = Juli
aug = Aug.
sep = Sept.
oct = Okt.
nov = Nov.
dec = Dez.
day-month-year = { $day }. { $month } { $year }
day-month-year-time-utc = { $day }. { $month } { $year }, { $time } UTC
just-now = gerade eben
in-a-moment = gleich
count-minutes-ago = { $count ->
    [one] vor { $count } Minute
   *[other] vor { $count } Minuten
}
count-hours-ago = { $count ->
    [one] vor { $count } Stunde
   *[other] vor { $count } Stunden
}
count-days-ago = { $count ->
    [one] vor { $count } Tag
   *[other] vor { $count } Tagen
}
in-count-minutes = { $count ->
    [one] in { $count } Minute
   *[other] in { $count } Minuten
}
in-count-hours = { $count ->
    [one] in { $count } Stunde
   *[other] in { $count } Stunden
}
in-count-days = { $count ->
    [one] in { $count } Tag
   *[other] in { $count } Tagen
}
count-seconds = { $count ->
    [one] { $count } Sekunde
   *[other] { $count } Sekunden
}
count-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
}
count-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
count-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
n1-hour = 1 Stunde
n24-hours = 24 Stunden
n1-day = 1 Tag
n7-days = 7 Tage
n30-days = 30 Tage
today = Heute
never = Nie
none = Keine
yes = Ja

## Frame, navigation, forms

skip-to-content = Zum Inhalt springen
main = Hauptnavigation
account = Konto
overview = Übersicht
users = Benutzer
applications = Anwendungen
api-keys = API-Schlüssel
sessions = Sitzungen
grants = Freigaben
audit = Protokoll
sign-in = Anmelden
sign-out = Abmelden
pages-of-the-list = Seiten der Liste
first-page = Erste Seite
next-page = Nächste Seite
optional- = (optional)
count-things-need-another-look- = { $count ->
    [one] Bitte prüfen Sie noch eine Angabe:
   *[other] Bitte prüfen Sie noch { $count } Angaben:
}
cancel = Abbrechen
continue = Weiter
save = Speichern
save-changes = Änderungen speichern
confirm = Bestätigen
change = Ändern
name = Name
code = Code
or = oder
in = im Bereich
for = für
from-address = von { $address }
by-program = mit { $program }
from-address-by-program = von { $address } mit { $program }
copy = Kopieren
copied = Kopiert
selected = Markiert
copy-name = { $name } kopieren
name-copied = { $name } kopiert
name-selected-copy-it-now = { $name } markiert: jetzt kopieren
too-short = Zu kurz
easy-to-guess-put-a-few-more-words-together = Leicht zu erraten: Fügen Sie ein paar Wörter hinzu
could-be-better-a-longer-one-is-harder-to-guess = Könnte besser sein: Ein längeres ist schwerer zu erraten
good = Gut
very-good = Sehr gut

## Sign-in, sign-out, setup

to-continue-to = und weiter zu
the-application-chose-this-name-and-this-picture-itself- = Die Anwendung hat diesen Namen und dieses Bild selbst gewählt.
user-name-or-e-mail-address = Benutzername oder E-Mail-Adresse
user-name = Benutzername
password = Passwort
e-mail-address = E-Mail-Adresse
full-name = Vollständiger Name
forgot-your-password- = Passwort vergessen?
make-an-account = Konto anlegen
privacy-policy-of-name = Datenschutzerklärung von { $name }
terms-of-name = Nutzungsbedingungen von { $name }
enter-your-user-name-or-e-mail-address- = Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.
enter-your-password- = Geben Sie Ihr Passwort ein.
the-user-name-or-the-password-is-wrong- = Benutzername oder Passwort ist falsch.
sign-out- = Abmelden?
the-application = Die Anwendung
asks-for-it- = bittet darum.
you-are-signed-in-as-name-this-ends-the-session-of-this-browser-applications-that-you-let-in-keep-their-access- = Sie sind als { $name } angemeldet. Die Sitzung dieses Browsers wird beendet; Anwendungen, denen Sie Zugriff gegeben haben, behalten ihn.
stay-signed-in = Angemeldet bleiben
set-up = Einrichten
set-up-name = { $name } einrichten
make-the-first-account-it-is-an-administrator-it-adds-other-people-and-registers-applications- = Legen Sie das erste Konto an. Es gehört einem Administrator: Damit werden weitere Benutzer hinzugefügt und Anwendungen registriert.
a-short-name-such-as-ada-without- = Ein kurzer Name wie ada, ohne @.
at-least-8-characters-a-sentence-or-a-password-manager-s-suggestion-is-best- = Mindestens 8 Zeichen. Am besten ist ein Satz oder ein Vorschlag Ihres Passwort-Managers.
at-least-8-characters- = Mindestens 8 Zeichen.
create-administrator = Administrator anlegen

## Links from mails: a new password, an account, an e-mail address

look-into-your-mail = Schauen Sie in Ihr Postfach
ask-for-your-link = Bitten Sie um Ihren Link
if-there-is-an-account-by-that-name-with-an-e-mail-address-a-link-for-a-new-password-is-on-its-way-there-it-is-good-for-an-hour-and-a-newer-one-takes-its-place- = Falls es ein Konto mit diesem Namen und einer E-Mail-Adresse gibt, ist ein Link für ein neues Passwort dorthin unterwegs. Er gilt eine Stunde; ein neuerer ersetzt ihn.
nothing-came-look-into-the-folder-for-junk-if-there-is-no-address-in-your-account-ask-whoever-runs-this-server- = Nichts angekommen? Sehen Sie im Spam-Ordner nach. Wenn in Ihrem Konto keine Adresse steht, fragen Sie den Betreiber dieses Servers.
this-server-sends-no-mail-whoever-runs-it-can-see-that-somebody-asked-and-can-give-you-a-link-get-in-touch-with-them- = Dieser Server verschickt keine E-Mails. Sein Betreiber sieht, dass jemand gefragt hat, und kann Ihnen einen Link geben: Wenden Sie sich an ihn.
back-to-sign-in = Zurück zur Anmeldung
say-who-you-are-and-we-send-a-link-to-the-e-mail-address-of-your-account-with-it-you-pick-a-new-password- = Sagen Sie uns, wer Sie sind. Wir senden einen Link an die E-Mail-Adresse Ihres Kontos, mit dem Sie ein neues Passwort wählen.
send-the-link = Link senden
set-a-new-password = Neues Passwort festlegen
all-your-sessions-end-and-applications-have-to-ask-again- = Alle Ihre Sitzungen werden beendet, und Anwendungen müssen erneut um Erlaubnis bitten.
new-password = Neues Passwort
set-password = Passwort festlegen
this-link-is-not-valid-any-more = Dieser Link gilt nicht mehr
it-was-used-already-it-is-too-old-or-a-newer-one-was-sent-look-for-the-newest-mail-and-take-care-that-the-whole-link-is-in-your-browser-s-address-line- = Er wurde schon benutzt, ist zu alt, oder es wurde ein neuerer verschickt. Suchen Sie die neueste E-Mail, und achten Sie darauf, dass der ganze Link in der Adresszeile Ihres Browsers steht.
ask-for-a-new-link = Neuen Link anfordern
go-to-your-account = Zu Ihrem Konto
a-link-is-on-its-way-to-that-address-with-it-you-finish-your-account-it-is-good-for-a-day-and-a-newer-one-takes-its-place- = Ein Link ist zu dieser Adresse unterwegs: Damit stellen Sie Ihr Konto fertig. Er gilt einen Tag; ein neuerer ersetzt ihn.
nothing-came-look-into-the-folder-for-junk-or-try-once-more-in-a-while- = Nichts angekommen? Sehen Sie im Spam-Ordner nach, oder versuchen Sie es später noch einmal.
it-begins-with-your-e-mail-address-we-send-a-link-there-and-with-it-you-pick-a-name-and-a-password- = Am Anfang steht Ihre E-Mail-Adresse: Wir senden einen Link dorthin, mit dem Sie einen Namen und ein Passwort wählen.
an-address-at-domains- = Eine Adresse bei { $domains }.
some-or-other = { $some } oder { $other }
you-have-an-account-sign-in = Sie haben ein Konto? Anmelden
finish-your-account = Konto fertigstellen
your-e-mail-address-is = Ihre E-Mail-Adresse ist
make-the-account = Konto anlegen
confirm-your-e-mail-address = E-Mail-Adresse bestätigen
is-the-address-of-the-account = ist die Adresse des Kontos
from-now-on = – ab jetzt
it-takes-the-place-of-address-which-belongs-to-the-account-no-more- = Sie ersetzt { $address }; diese gehört dann nicht mehr zum Konto.
if-this-is-not-your-account-close-this-page-nothing-changes- = Wenn das nicht Ihr Konto ist, schließen Sie diese Seite: Es ändert sich nichts.
your-e-mail-address-is-confirmed = Ihre E-Mail-Adresse ist bestätigt
it-belongs-to-your-account-now-and-you-can-sign-in-with-it- = Sie gehört jetzt zu Ihrem Konto, und Sie können sich mit ihr anmelden.
addresses-of-this-domain-may-not-register-here- = Adressen dieser Domain dürfen sich hier nicht registrieren.

## Account

your-account = Ihr Konto
on-this-page = Auf dieser Seite
profile = Profil
second-factors = Zweite Faktoren
api-access = API-Zugriff
your-data = Ihre Daten
add-one = Hinzufügen
not-confirmed = Nicht bestätigt
confirm-or-change = Bestätigen oder ändern
roles = Rollen
member-since = Mitglied seit
save-profile = Profil speichern
more-about-you = Mehr über Sie
a-new-password-ends-your-other-sessions-and-applications-have-to-ask-again- = Ein neues Passwort beendet Ihre anderen Sitzungen, und Anwendungen müssen erneut um Erlaubnis bitten.
current-password = Aktuelles Passwort
change-password = Passwort ändern
manage = Verwalten
you-have-an-authenticator-app- = Sie haben eine Authenticator-App.
you-have-none-yet-you-will-be-asked-to-add-one-the-next-time-you-sign-in- = Sie haben noch keinen. Bei der nächsten Anmeldung werden Sie gebeten, einen hinzuzufügen.
you-have-none-with-one-nobody-gets-in-who-knows-nothing-but-your-password- = Sie haben keinen. Mit einem kommt niemand hinein, der nur Ihr Passwort kennt.
browsers-that-are-signed-in-to-your-account-end-what-you-do-not-recognise-and-change-your-password-ending-all-others-also-makes-applications-ask-again- = Browser, die in Ihrem Konto angemeldet sind. Beenden Sie, was Sie nicht kennen, und ändern Sie Ihr Passwort. Wenn Sie alle anderen beenden, müssen auch Anwendungen erneut um Erlaubnis bitten.
end-all-others = Alle anderen beenden
end = Beenden
this-browser = Dieser Browser
signed-in = Angemeldet
last-used = Zuletzt benutzt
browser-on-system = { $browser } auf { $system }
unknown-browser = Unbekannter Browser
unknown-browser-on-system = Unbekannter Browser auf { $system }
a-program-without-a-name = einem Programm ohne Namen
applications-that-you-let-use-your-account-an-application-that-is-cut-off-has-to-ask-you-again- = Anwendungen, die Ihr Konto benutzen dürfen. Wenn Sie einer Anwendung den Zugriff entziehen, muss sie erneut um Erlaubnis bitten.
no-application-has-access-to-your-account- = Keine Anwendung hat Zugriff auf Ihr Konto.
not-verified = Nicht geprüft
since = Erlaubt
ends = Endet
until-you-cut-it-off = Bis Sie den Zugriff entziehen
cut-off = Zugriff entziehen
what-happened-to-your-account-and-all-that-is-kept-about-you- = Was mit Ihrem Konto geschehen ist, und alles, was über Sie gespeichert ist.
see-security-events = Sicherheitsereignisse ansehen
download-your-data = Ihre Daten herunterladen
delete-your-account = Ihr Konto löschen
this-needs-your-attention = Bitte beachten Sie
dismiss-all = Alle ausblenden
dismiss = Ausblenden
look-at-the-key = Schlüssel ansehen
and-count-more-older-ones-dismiss-these-to-see-them- = { $count ->
    [one] Dazu { $count } ältere Meldung: Blenden Sie diese aus, um sie zu sehen.
   *[other] Dazu { $count } ältere Meldungen: Blenden Sie diese aus, um sie zu sehen.
}
somebody-tried-a-decoy-of-yours- = Jemand hat einen Ihrer Köder benutzt.
somebody-tried-the-decoy-name- = Jemand hat den Köder { $name } benutzt.
whoever-did-it-has-read-the-place-where-you-left-it-look-who-can- = Wer es war, hat gelesen, wo Sie ihn hinterlegt haben: Prüfen Sie, wer das kann.
a-secret-of-yours-was-found-where-it-should-not-be-and-was-put-out-of-use- = Ein Geheimnis von Ihnen wurde gefunden, wo es nicht sein sollte, und außer Kraft gesetzt.
a-secret-of-yours-name-was-found-where-it-should-not-be-and-was-put-out-of-use- = Ein Geheimnis von Ihnen ({ $name }) wurde gefunden, wo es nicht sein sollte, und außer Kraft gesetzt.
give-whatever-uses-it-a-new-one-and-find-out-how-it-got-there- = Geben Sie dem, was es benutzt, ein neues, und finden Sie heraus, wie es dorthin kam.
enter-your-current-password- = Geben Sie Ihr aktuelles Passwort ein.
this-is-not-your-current-password- = Das ist nicht Ihr aktuelles Passwort.

## About you

about-you = Über Sie
an-application-learns-what-stands-here-only-if-you-let-it-its-consent-page-says-what-it-asks-for-leave-empty-what-nobody-need-know- = Eine Anwendung erfährt nur mit Ihrer Zustimmung, was hier steht: Bei der Zustimmung sehen Sie, wonach sie fragt. Lassen Sie leer, was niemand wissen muss.
more = Weiteres
telephone-and-post = Telefon und Post
as-it-should-stand-on-a-page- = So, wie er auf einer Seite stehen soll.
given-names = Vornamen
middle-names = Weitere Vornamen
family-names = Nachnamen
nickname = Spitzname
how-friends-call-you- = Wie Freunde Sie nennen.
date-of-birth = Geburtsdatum
such-as-1815-12-10-or-1815-alone- = Zum Beispiel 1815-12-10, oder nur 1815.
gender = Geschlecht
in-your-own-words- = In Ihren eigenen Worten.
website = Website
such-as-https-ada-example- = Zum Beispiel https://ada.example.
a-page-about-you = Eine Seite über Sie
its-address-with-https- = Ihre Adresse, mit https://.
a-picture-of-you = Ein Bild von Ihnen
language = Sprache
such-as-en-gb- = Zum Beispiel de-DE.
time-zone = Zeitzone
such-as-europe-london- = Zum Beispiel Europe/Berlin.
telephone-number = Telefonnummer
such-as-44-20-7946-0000- = Zum Beispiel +49 30 23125 000.
street-and-house-number = Straße und Hausnummer
postal-code = Postleitzahl
city = Ort
state-or-province = Bundesland oder Region
country = Land
the-name-must-have-1-to-most-characters-none-of-them-a-control-character- = Bitte 1 bis { $most } Zeichen, ohne Steuerzeichen.
the-name-must-be-a-url-that-begins-with-https-or-http- = Bitte eine Adresse, die mit https:// oder http:// beginnt.
the-birthdate-must-be-yyyy-mm-dd-yyyy-or-0000-mm-dd-where-the-year-is-not-known- = Das Geburtsdatum hat die Form JJJJ-MM-TT, JJJJ oder, wenn das Jahr nicht bekannt ist, 0000-MM-TT.

## E-mail address

your-e-mail-address = Ihre E-Mail-Adresse
the-address-in-your-account = Die Adresse in Ihrem Konto
you-can-sign-in-with-it-and-a-link-for-a-forgotten-password-goes-there- = Sie können sich mit ihr anmelden, und ein Link bei vergessenem Passwort geht dorthin.
there-is-none-yet- = Es gibt noch keine.
address = Adresse
confirmed = Bestätigt
not-yet = Noch nicht
applications-are-told-whether-an-address-is-confirmed-open-the-link-that-we-send-there-and-it-is- = Anwendungen erfahren, ob eine Adresse bestätigt ist. Öffnen Sie den Link, den wir dorthin senden, dann ist sie es.
another-address = Eine andere Adresse
we-send-a-link-to-it-when-you-open-the-link-it-takes-the-place-of-the-address-above- = Wir senden einen Link dorthin. Wenn Sie ihn öffnen, ersetzt sie die Adresse oben.
this-server-sends-no-mail-so-it-cannot-find-out-whose-an-address-is-ask-whoever-runs-it- = Dieser Server verschickt keine E-Mails und kann deshalb nicht feststellen, wem eine Adresse gehört. Fragen Sie seinen Betreiber.
new-e-mail-address = Neue E-Mail-Adresse

## The end of an account

what-ends = Was endet
you-are-signed-out-everywhere-and-can-t-sign-in-any-more- = Sie werden überall abgemeldet und können sich nicht mehr anmelden.
applications-lose-their-access-and-your-api-keys-stop-working-at-once- = Anwendungen verlieren ihren Zugriff, und Ihre API-Schlüssel funktionieren sofort nicht mehr.
your-profile-sessions-keys-and-permissions-are-deleted-what-was-done-by-your-account-stays-in-the-log-of-this-server-with-your-name-and-address- = Ihr Profil, Ihre Sitzungen, Schlüssel und Freigaben werden gelöscht. Was Ihr Konto getan hat, bleibt mit Ihrem Namen und Ihrer Adresse im Protokoll dieses Servers.
this-can-t-be-undone-if-you-want-to-keep-something- = Das lässt sich nicht rückgängig machen. Wenn Sie etwas behalten möchten, sollten Sie erst
first- = und danach löschen.
your-user-name = Ihr Benutzername
type-name-to-say-that-you-mean-this-account- = Geben Sie { $name } ein, um zu zeigen, dass Sie dieses Konto meinen.
delete-account = Konto löschen
type-your-user-name-so-that-nothing-is-deleted-by-mistake- = Geben Sie Ihren Benutzernamen ein, damit nichts versehentlich gelöscht wird.
you-are-the-last-administrator-give-somebody-else-the-role-first- = Sie sind der letzte Administrator. Geben Sie zuerst jemand anderem die Rolle.

## Security events

security-events = Sicherheitsereignisse
what-happened-to-your-account-newest-first-if-you-do-not-recognise-something- = Was mit Ihrem Konto geschehen ist, das Neueste zuerst. Wenn Sie etwas nicht kennen,
change-your-password = ändern Sie Ihr Passwort
and-end-your-other-sessions- = und beenden Sie Ihre anderen Sitzungen.
nothing-has-happened-yet- = Noch ist nichts geschehen.
by-you = durch Sie
by-an-administrator = durch einen Administrator
by-whoever-runs-this-server = durch den Betreiber dieses Servers
you-signed-in- = Sie haben sich angemeldet.
somebody-tried-to-sign-in-with-a-wrong-password- = Jemand hat versucht, sich mit einem falschen Passwort anzumelden.
your-password-was-changed- = Ihr Passwort wurde geändert.
a-link-for-a-new-password-was-asked-for- = Ein Link für ein neues Passwort wurde angefordert.
a-link-to-confirm-an-e-mail-address-was-asked-for- = Ein Link zur Bestätigung einer E-Mail-Adresse wurde angefordert.
your-e-mail-address-was-confirmed- = Ihre E-Mail-Adresse wurde bestätigt.
a-second-factor-was-added- = Ein zweiter Faktor wurde hinzugefügt.
a-second-factor-was-removed- = Ein zweiter Faktor wurde entfernt.
all-your-second-factors-were-removed-by-somebody-else- = Alle Ihre zweiten Faktoren wurden von jemand anderem entfernt.
new-recovery-codes-were-made- = Neue Wiederherstellungscodes wurden erstellt.
a-recovery-code-was-used-to-sign-in- = Ein Wiederherstellungscode wurde zur Anmeldung benutzt.
your-account-was-made- = Ihr Konto wurde angelegt.
your-profile-was-changed- = Ihr Profil wurde geändert.
your-account-was-disabled- = Ihr Konto wurde gesperrt.
your-account-was-enabled- = Ihr Konto wurde entsperrt.
a-role-was-given-to-you- = Sie haben eine Rolle bekommen.
a-role-was-taken-from-you- = Ihnen wurde eine Rolle entzogen.
you-signed-out- = Sie haben sich abgemeldet.
a-session-was-ended- = Eine Sitzung wurde beendet.
an-api-key-was-made- = Ein API-Schlüssel wurde erstellt.
an-api-key-was-changed- = Ein API-Schlüssel wurde geändert.
an-api-key-got-a-new-secret- = Ein API-Schlüssel hat ein neues Geheimnis bekommen.
an-api-key-was-revoked- = Ein API-Schlüssel wurde widerrufen.
an-application-was-given-access- = Eine Anwendung hat Zugriff bekommen.
an-application-was-refused-access- = Einer Anwendung wurde der Zugriff verweigert.
an-application-s-access-was-taken-back- = Einer Anwendung wurde der Zugriff entzogen.
something-was-done- = Etwas wurde getan.

## Consent and devices

allow-name- = Zugriff für { $name } erlauben?
an-application-of = Eine Anwendung von
verified = Geprüft
registered-by-an-administrator = Von einem Administrator registriert
described-by-its-own-website = Von ihrer eigenen Website beschrieben
it-registered-itself = Sie hat sich selbst registriert
the-application-chose-this-name-and-this-picture-itself-allow-it-only-if-you-have-just-started-it-and-know-where-the-answer-goes- = Die Anwendung hat diesen Namen und dieses Bild selbst gewählt. Erlauben Sie den Zugriff nur, wenn Sie sie gerade gestartet haben und wissen, wohin die Antwort geht.
the-application-chose-this-name-itself-allow-it-only-if-you-have-just-started-it-and-know-where-the-answer-goes- = Die Anwendung hat diesen Namen selbst gewählt. Erlauben Sie den Zugriff nur, wenn Sie sie gerade gestartet haben und wissen, wohin die Antwort geht.
the-application-chose-this-name-itself- = Die Anwendung hat diesen Namen selbst gewählt.
the-answer-goes-to-a-program-on-this-computer-and-any-program-here-can-pose-as-this-application- = Die Antwort geht an ein Programm auf diesem Computer, und jedes Programm hier kann sich als diese Anwendung ausgeben.
signed-in-as = Angemeldet als
switch-account = Konto wechseln
the-answer-goes-to = Die Antwort geht an
a-program-on-this-computer- = (ein Programm auf diesem Computer)
for-use-at = Für die Nutzung bei
this-server = diesem Server
this-time-it-wants-to = Dieses Mal möchte sie
it-will-be-able-to = Die Anwendung darf dann
the-device-will-be-able-to = Das Gerät darf dann
it-will-not-be-able-to = Nicht erlaubt wird
needed = Erforderlich
allowed-before = Schon erlaubt
see-your-password = Ihr Passwort sehen
see-your-e-mail-address = Ihre E-Mail-Adresse sehen
see-or-change-your-account-your-sessions-and-your-api-keys = Ihr Konto, Ihre Sitzungen und Ihre API-Schlüssel sehen oder ändern
change-your-account-your-sessions-and-your-api-keys = Ihr Konto, Ihre Sitzungen und Ihre API-Schlüssel ändern
act-as-an-administrator = Als Administrator handeln
for-how-long = Für wie lange
until-i-end-it = Bis ich es beende
deny = Ablehnen
allow = Erlauben
you-can-end-this-at-any-time-under = Sie können das jederzeit beenden: unter
did-you-start-this-on-a-device-of-yours-and-does-it-show-the-code-below-if-somebody-sent-you-the-code-or-a-link-press = Haben Sie das auf einem Ihrer Geräte begonnen, und zeigt es den Code unten? Wenn Ihnen jemand den Code oder einen Link geschickt hat, wählen Sie
allowing-would-let-their-device-into-your-account- = Mit „Erlauben“ bekäme dessen Gerät Zugriff auf Ihr Konto.
the-device-shows = Das Gerät zeigt
connect-a-device = Gerät verbinden
done = Fertig
see-what-has-access-to-your-account = Sehen Sie, was Zugriff auf Ihr Konto hat
enter-another-code = geben Sie einen weiteren Code ein
enter-the-code-that-your-tv-tool-or-other-device-shows-now- = Geben Sie den Code ein, den Ihr Fernseher, Werkzeug oder anderes Gerät gerade zeigt.
eight-letters-such-as-wdjb-mjht-enter-only-a-code-that-you-see-on-a-device-of-yours- = Acht Buchstaben, zum Beispiel WDJB-MJHT. Geben Sie nur einen Code ein, den Sie auf einem Ihrer Geräte sehen.
no-device-waits-with-this-code-look-at-it-once-more-if-it-was-used-or-is-older-than-what-the-device-shows-now-begin-again-on-the-device- = Kein Gerät wartet mit diesem Code. Vergleichen Sie ihn noch einmal; wenn er schon benutzt wurde oder das Gerät jetzt einen anderen zeigt, beginnen Sie auf dem Gerät von vorn.
your-account-can-t-allow-anything-of-what-this-device-asks-for-it-needs-roles-that-you-don-t-have- = Ihr Konto kann nichts von dem erlauben, worum dieses Gerät bittet: Dafür braucht es Rollen, die Sie nicht haben.
enter-the-code-that-the-device-shows- = Geben Sie den Code ein, den das Gerät zeigt.
back-to-name = Zurück zu { $name }
your-browser-takes-the-answer-to = Ihr Browser bringt die Antwort zu
if-it-does-not-go-on-by-itself-press-the-button- = Wenn es nicht von selbst weitergeht, wählen Sie „Weiter“.

## Scopes that are built in

know-who-you-are-your-name-e-mail-address-and-roles = Wissen, wer Sie sind: Name, E-Mail-Adresse und Rollen
see-your-name-and-user-name = Ihren Namen und Benutzernamen sehen
see-your-postal-address = Ihre Postanschrift sehen
see-your-telephone-number = Ihre Telefonnummer sehen
see-which-roles-you-hold = Sehen, welche Rollen Sie haben
keep-its-access-while-you-are-away = Den Zugriff behalten, während Sie abwesend sind
see-your-own-account-sessions-applications-and-api-keys = Ihr Konto, Ihre Sitzungen, Anwendungen und API-Schlüssel sehen
change-your-own-account-sessions-applications-and-api-keys = Ihr Konto, Ihre Sitzungen, Anwendungen und API-Schlüssel ändern
check-whose-tokens-and-api-keys-are-valid-and-for-what = Prüfen, wessen Tokens und API-Schlüssel gelten und wofür
see-all-users = Alle Benutzer sehen
create-change-and-delete-users = Benutzer anlegen, ändern und löschen
see-all-roles-and-who-holds-them = Alle Rollen sehen und wer sie hat
create-and-delete-roles = Rollen anlegen und löschen
see-all-scopes = Alle Berechtigungen sehen
create-and-delete-scopes = Berechtigungen anlegen und löschen
see-all-registered-apis = Alle registrierten APIs sehen
register-change-and-delete-apis = APIs registrieren, ändern und löschen
see-all-applications = Alle Anwendungen sehen
register-change-and-delete-applications = Anwendungen registrieren, ändern und löschen
see-everybody-s-api-keys = Die API-Schlüssel aller Benutzer sehen
create-change-and-revoke-everybody-s-api-keys = Die API-Schlüssel aller Benutzer anlegen, ändern und widerrufen
see-everybody-s-sessions = Die Sitzungen aller Benutzer sehen
end-everybody-s-sessions = Die Sitzungen aller Benutzer beenden
see-which-applications-everybody-has-let-in = Sehen, welchen Anwendungen alle Benutzer Zugriff gegeben haben
take-away-what-everybody-has-let-applications-do = Anwendungen den Zugriff entziehen, den Benutzer ihnen gegeben haben
read-the-audit-log = Das Protokoll lesen

## API keys

keys-for-scripts-and-tools-requests-that-carry-one-are-made-and-logged-in-your-name- = Schlüssel für Skripte und Werkzeuge. Anfragen mit einem Schlüssel geschehen in Ihrem Namen und werden so protokolliert.
new-secret = Neues Geheimnis
new-api-key = Neuer API-Schlüssel
copy-the-secret-now-and-keep-it-in-a-safe-place-such-as-a-password-manager-it-is-shown-this-once- = Kopieren Sie das Geheimnis jetzt, und bewahren Sie es sicher auf, zum Beispiel in einem Passwort-Manager. Es wird nur dieses eine Mal angezeigt.
api-key = API-Schlüssel
api-secret = API-Geheimnis
try-it = Ausprobieren
curl-line = curl-Zeile
i-have-copied-it = Ich habe es kopiert
rules-for-secret-scanners- = Regeln für Secret-Scanner:
generate-keys = Schlüssel erzeugen
key-of-time = Schlüssel vom { $time }
there-is-no-scope-scope- = Es gibt keine Berechtigung { $scope }.
a-key-may-last-time-at-most-keys-maximum-lifetime-seconds- = Ein Schlüssel gilt höchstens { $time } (keys.maximum_lifetime_seconds).
no-api-keys-yet- = Noch keine API-Schlüssel.
unnamed-key = Schlüssel ohne Namen
never-used = Nie benutzt
expired = Abgelaufen
expires = Läuft ab
without-its-user-s-roles = Ohne die Rollen seines Benutzers
with-the-roles-roles-alone = Nur mit den Rollen { $roles }
made = Erstellt
rotate = Erneuern
revoke = Widerrufen
live = Aktiv
disabled = Gesperrt
decoy = Köder
on-trial = Probe läuft
legacy = Altbestand
full-access = Voller Zugriff
full-access-and-no-expiry-unless-chosen-otherwise- = Voller Zugriff ohne Ablauf, wenn nichts anderes gewählt ist.
full-access-for-time-unless-chosen-otherwise- = Voller Zugriff für { $time }, wenn nichts anderes gewählt ist.
name-rights-and-expiry = Name, Rechte und Ablauf
what-will-use-the-key-you-recognise-it-by-this-later- = Was den Schlüssel benutzen wird: Daran erkennen Sie ihn später.
rights = Rechte
it-can-do-all-that-its-user-can-do = Er kann alles, was sein Benutzer kann
only-these-scopes = Nur diese Berechtigungen
it-can-do-what-is-ticked-below-and-nothing-else = Er kann, was unten angekreuzt ist, und sonst nichts
scopes = Berechtigungen
in-1-day = In 1 Tag
in-7-days = In 7 Tagen
in-30-days = In 30 Tagen
in-90-days = In 90 Tagen
in-1-year = In 1 Jahr
in-time-as-is-usual-here = { $time } (hier üblich)
roles-addresses-limits-decoy = Rollen, Adressen, Limits, Köder
all-roles-of-its-user = Alle Rollen seines Benutzers
those-that-come-and-go-later-too = Auch die, die später dazukommen oder wegfallen
only-these-roles = Nur diese Rollen
as-long-as-its-user-has-them = Solange sein Benutzer sie hat
roles-that-it-has = Rollen des Schlüssels
allowed-addresses = Erlaubte Adressen
the-only-addresses-or-networks-that-it-works-from-one-a-line-such-as-192-0-2-7-or-10-0-0-0-8-it-works-from-everywhere-where-there-are-none- = Die einzigen Adressen oder Netze, von denen er funktioniert, eine je Zeile, zum Beispiel 192.0.2.7 oder 10.0.0.0/8. Ohne Angabe funktioniert er von überall.
limits = Limits
how-often-it-may-be-used-up-to-five-windows-one-a-line-each-a-name-so-many-requests-and-how-long-burst-10-1s-daily-5000-1d-nobody-counts-where-there-are-none- = Wie oft er benutzt werden darf: bis zu fünf Zeitfenster, eines je Zeile, jeweils Name, Zahl der Anfragen und Dauer: burst=10/1s, daily=5000/1d. Ohne Angabe wird nicht gezählt.
a-decoy = Ein Köder
it-never-works-leave-it-where-only-an-intruder-looks-whoever-tries-it-raises-an-alarm = Er funktioniert nie. Hinterlegen Sie ihn, wo nur ein Eindringling nachsieht: Wer ihn benutzt, löst Alarm aus
full-access-and-single-scopes-exclude-each-other-choose-one-of-the-two- = Voller Zugriff und einzelne Berechtigungen schließen einander aus: Wählen Sie eines von beiden.
there-is-no-scope-scope-that-this-key-could-have- = Es gibt keine Berechtigung { $scope }, die dieser Schlüssel haben könnte.
choose-at-least-one-scope-or-full-access- = Wählen Sie mindestens eine Berechtigung oder vollen Zugriff.
all-roles-and-single-roles-exclude-each-other-choose-one-of-the-two- = Alle Rollen und einzelne Rollen schließen einander aus: Wählen Sie eines von beiden.
a-key-has-no-role-that-its-user-has-not- = Ein Schlüssel hat keine Rolle, die sein Benutzer nicht hat.
choose-one-of-the-times-that-are-offered- = Wählen Sie eine der angebotenen Zeiten.
write-the-day-as-2027-01-31-or-nothing- = Schreiben Sie den Tag als 2027-01-31, oder nichts.
word-is-neither-an-address-nor-a-network-such-as-10-0-0-0-8- = { $word } ist weder eine Adresse noch ein Netz wie 10.0.0.0/8.
a-limit-s-name-has-1-to-32-small-letters-digits-and- = Der Name eines Limits hat 1 bis 32 Kleinbuchstaben, Ziffern, - und _.
a-limit-lets-1-to-4-294-967-295-requests-pass- = Ein Limit lässt 1 bis 4.294.967.295 Anfragen zu.
a-limit-s-window-has-1-second-to-366-days- = Das Zeitfenster eines Limits dauert 1 Sekunde bis 366 Tage.
two-limits-are-called-name- = Zwei Limits heißen { $name }.
a-key-has-at-most-5-limits- = Ein Schlüssel hat höchstens 5 Limits.
write-a-limit-as-name-requests-window-such-as-burst-10-1s-or-daily-5000-1d- = Schreiben Sie ein Limit als name=anfragen/zeit, zum Beispiel burst=10/1s oder daily=5000/1d.
the-user-does-not-hold-the-role-role-so-a-key-cannot- = Der Benutzer hat die Rolle { $role } nicht, also kann ein Schlüssel sie nicht haben.
the-key-would-have-ended-already- = Der Schlüssel wäre schon abgelaufen.
a-key-needs-full-access-or-at-least-one-scope- = Ein Schlüssel braucht vollen Zugriff oder mindestens eine Berechtigung.
this-key-is-disabled-and-its-successor-would-not-be-enable-it-first- = Dieser Schlüssel ist gesperrt, sein Nachfolger wäre es nicht; geben Sie ihn zuerst frei.
no-request-of-this-key-needed-a-scope-yet-so-nothing-would-be-left- = Noch keine Anfrage mit diesem Schlüssel brauchte eine Berechtigung, es bliebe also nichts übrig.
each-scope-of-this-key-is-in-use-so-there-is-nothing-to-leave-out- = Jede Berechtigung dieses Schlüssels wird benutzt, es gibt also nichts wegzulassen.
api-keys-make-no-api-keys-on-this-server-keys-made-by-keys-sign-in-instead- = API-Schlüssel erstellen auf diesem Server keine API-Schlüssel (keys.made_by_keys); melden Sie sich stattdessen an.
a-key-has-at-most-count-addresses-and-networks- = { $count ->
    [one] Ein Schlüssel hat höchstens { $count } Adresse.
   *[other] Ein Schlüssel hat höchstens { $count } Adressen und Netze.
}
the-user-has-count-api-keys-already-which-is-as-many-as-there-may-be-revoke-one-first- = Der Benutzer hat schon { $count } API-Schlüssel, mehr sind nicht erlaubt; widerrufen Sie zuerst einen.

## The page of an API key

api-key-made = API-Schlüssel · erstellt
this-is-a-decoy- = Das ist ein Köder.
it-is-never-let-in-whatever-it-is-said-to-be-able-to-do-nobody-has-a-reason-to-use-it-so-whoever-tries-it-found-it-where-it-was-left-for-them-and-its-owner-is-told- = Er wird nie zugelassen, was auch immer er angeblich kann. Niemand hat einen Grund, ihn zu benutzen; wer es versucht, hat ihn dort gefunden, wo er hinterlegt wurde, und sein Besitzer erfährt es.
it-was-last-tried = Zuletzt versucht:
nobody-has-tried-it-yet- = Noch hat ihn niemand benutzt.
a-trial-of-its-revocation-runs-until = Der Widerruf wird erprobt. Ende:
count-requests-would-have-failed-since-it-began-all-still-pass- = { $count ->
    [one] Seit Beginn wäre { $count } Anfrage gescheitert. Noch gehen alle durch.
   *[other] Seit Beginn wären { $count } Anfragen gescheitert. Noch gehen alle durch.
}
what-it-is = Was er ist
full-access-all-that-its-user-can-do = Voller Zugriff: alles, was sein Benutzer kann
none-of-its-user-s = Keine seines Benutzers
all-that-its-user-has = Alle, die sein Benutzer hat
works-from = Funktioniert von
everywhere = Überall
never-by-itself = Nie von selbst
earlier-secret = Früheres Geheimnis
still-works-it-ends = Gilt noch; endet
origin = Herkunft
made-elsewhere-and-brought-here-rotate-it-and-its-secret-says-what-it-is- = Anderswo erstellt und hierher gebracht. Erneuern Sie ihn, und sein Geheimnis sagt, was es ist.
takes-the-place-of = Ersetzt
revoke-that-once-nothing-uses-it = widerrufen Sie ihn, sobald ihn nichts mehr benutzt
requests-requests-a-day-name- = { $requests ->
    [one] { $requests } Anfrage am Tag ({ $name })
   *[other] { $requests } Anfragen am Tag ({ $name })
}
requests-requests-in-count-days-name- = { $requests ->
    [one] { $requests } Anfrage in { $count } Tagen ({ $name })
   *[other] { $requests } Anfragen in { $count } Tagen ({ $name })
}
requests-requests-an-hour-name- = { $requests ->
    [one] { $requests } Anfrage in der Stunde ({ $name })
   *[other] { $requests } Anfragen in der Stunde ({ $name })
}
requests-requests-in-count-hours-name- = { $requests ->
    [one] { $requests } Anfrage in { $count } Stunden ({ $name })
   *[other] { $requests } Anfragen in { $count } Stunden ({ $name })
}
requests-requests-a-minute-name- = { $requests ->
    [one] { $requests } Anfrage in der Minute ({ $name })
   *[other] { $requests } Anfragen in der Minute ({ $name })
}
requests-requests-in-count-minutes-name- = { $requests ->
    [one] { $requests } Anfrage in { $count } Minuten ({ $name })
   *[other] { $requests } Anfragen in { $count } Minuten ({ $name })
}
requests-requests-a-second-name- = { $requests ->
    [one] { $requests } Anfrage in der Sekunde ({ $name })
   *[other] { $requests } Anfragen in der Sekunde ({ $name })
}
requests-requests-in-count-seconds-name- = { $requests ->
    [one] { $requests } Anfrage in { $count } Sekunden ({ $name })
   *[other] { $requests } Anfragen in { $count } Sekunden ({ $name })
}
use-in-the-last-count-days = { $count ->
    [one] Nutzung am letzten Tag
   *[other] Nutzung in den letzten { $count } Tagen
}
days-are-counted-in-utc-most-on-one-day-count- = Tage zählen in UTC. Höchstens an einem Tag: { $count }.
it-was-not-used-in-this-time- = Er wurde in dieser Zeit nicht benutzt.
passed-requests-were-let-in-would-fail-let-in-that-would-fail-refused-refused-the-table-below-has-each-day- = Zugelassen: { $passed } Anfragen, zugelassen trotz Probe: { $would_fail }, abgewiesen: { $refused }. Die Tabelle unten zeigt jeden Tag.
let-in = Zugelassen
would-fail = Würde scheitern
refused = Abgewiesen
day-by-day = Tag für Tag
day = Tag
let-in-but-would-have-failed-without-the-key = Zugelassen, wäre ohne den Schlüssel aber gescheitert
a-service-asked-about-it-and-was-told-that-it-holds = Ein Dienst hat nach ihm gefragt und erfahren, dass er gilt
refused-the-key-or-this-secret-of-it-had-expired = Abgewiesen: Der Schlüssel oder dieses Geheimnis war abgelaufen
refused-the-key-or-its-user-was-disabled = Abgewiesen: Der Schlüssel oder sein Benutzer war gesperrt
refused-the-key-was-revoked = Abgewiesen: Der Schlüssel war widerrufen
refused-from-an-address-that-is-not-allowed = Abgewiesen: von einer Adresse, die nicht erlaubt ist
refused-over-a-limit = Abgewiesen: über einem Limit
refused-a-scope-was-missing = Abgewiesen: Eine Berechtigung fehlte
refused-a-role-was-missing = Abgewiesen: Eine Rolle fehlte
refused-it-is-a-decoy = Abgewiesen: Er ist ein Köder
what-breaks-if-i-revoke-this- = Was geht kaputt, wenn ich ihn widerrufe?
who-used-it-lately-a-trial-shows-who-would-be-refused-while-all-still-pass- = Wer ihn zuletzt benutzt hat. Eine Probe zeigt, wer abgewiesen würde, während noch alles durchgeht.
end-the-trial = Probe beenden
try-its-revocation-for = Widerruf erproben für
begin-the-trial = Probe beginnen
nobody-was-let-in-with-it-as-far-as-is-kept- = Niemand wurde mit ihm zugelassen, soweit gespeichert ist.
count-would-have-failed = { $count } wären gescheitert
from-an-unknown-address = von einer unbekannten Adresse
count-requests = { $count ->
    [one] { $count } Anfrage
   *[other] { $count } Anfragen
}
first = zuerst
last = zuletzt
last- = zuletzt{ " " }
scopes-in-use = Benutzte Berechtigungen
which-scopes-its-requests-needed-with-full-access-it-has-all-others-as-well- = Welche Berechtigungen seine Anfragen brauchten; mit vollem Zugriff hat er auch alle anderen.
which-of-its-scopes-its-requests-needed- = Welche seiner Berechtigungen seine Anfragen brauchten.
none-yet = Noch keine
never-needed = Nie gebraucht
a-narrower-key-has-these-scopes-alone-and-else-what-this-one-has-this-one-stays-until-you-revoke-it- = Ein engerer Schlüssel hat nur diese Berechtigungen und sonst, was dieser hat. Dieser bleibt, bis Sie ihn widerrufen.
make-a-narrower-key = Engeren Schlüssel erstellen
settings = Einstellungen
what-it-may-do-stays-as-it-was-made-make-another-key-for-that- = Was er darf, bleibt, wie es war: Erstellen Sie dafür einen anderen Schlüssel.
last-day = Letzter Tag
it-works-until-that-day-is-over-in-utc-for-ever-where-there-is-none- = Er funktioniert, bis dieser Tag (in UTC) vorbei ist; ohne Angabe für immer.
it-works-until-that-day-is-over-in-utc-and-until-latest-at-the-longest- = Er funktioniert, bis dieser Tag (in UTC) vorbei ist, längstens bis { $latest }.
actions = Aktionen
a-new-secret-the-one-in-use-can-work-a-while-longer- = Ein neues Geheimnis; das jetzige kann noch eine Weile gelten.
rotate-secret = Geheimnis erneuern
disable = Sperren
requests-that-use-it-are-refused-until-it-is-enabled-again- = Anfragen mit ihm werden abgewiesen, bis er wieder freigegeben ist.
enable = Freigeben
it-works-again-as-it-did-before- = Er funktioniert wieder wie zuvor.
it-ends-for-good- = Er endet endgültig.
replace-the-secret-of-name- = Geheimnis von { $name } ersetzen?
revoke-the-api-key-name- = API-Schlüssel { $name } widerrufen?
revoke-key = Schlüssel widerrufen
whatever-uses-the-key-has-to-get-the-new-secret-which-is-shown-once-on-the-next-page- = Was den Schlüssel benutzt, braucht das neue Geheimnis; es wird einmal angezeigt, auf der nächsten Seite.
the-public-half-of-the-key-stays-as-it-is- = Die öffentliche Hälfte des Schlüssels bleibt, wie sie ist.
how-long-does-the-present-secret-still-work- = Wie lange gilt das jetzige Geheimnis noch?
not-at-all = Gar nicht
requests-that-use-it-are-refused-at-once- = Anfragen mit ihm werden sofort abgewiesen.
what-was-done-with-it-stays-in-the-log- = Was mit ihm getan wurde, bleibt im Protokoll.
this-can-t-be-undone- = Das lässt sich nicht rückgängig machen.

## What was just done

your-profile-is-saved- = Ihr Profil ist gespeichert.
your-password-is-changed-your-other-sessions-have-ended- = Ihr Passwort ist geändert. Ihre anderen Sitzungen sind beendet.
your-password-is-set-and-all-your-sessions-have-ended-sign-in-with-it- = Ihr Passwort ist festgelegt, und alle Ihre Sitzungen sind beendet. Melden Sie sich damit an.
your-account-is-there-sign-in-with-the-password-that-you-picked- = Ihr Konto ist angelegt. Melden Sie sich mit dem Passwort an, das Sie gewählt haben.
a-link-is-on-its-way-open-it-to-confirm-the-address- = Ein Link ist unterwegs. Öffnen Sie ihn, um die Adresse zu bestätigen.
your-account-is-deleted-and-all-that-belonged-to-it- = Ihr Konto ist gelöscht, mit allem, was dazugehörte.
the-second-factor-is-added-you-will-be-asked-for-it-when-you-sign-in- = Der zweite Faktor ist hinzugefügt. Bei der Anmeldung werden Sie danach gefragt.
the-second-factor-is-removed- = Der zweite Faktor ist entfernt.
sign-in-once-more-to-go-on-what-comes-next-is-for-you-alone- = Melden Sie sich noch einmal an, um fortzufahren: Was jetzt kommt, ist nur für Sie.
the-session-has-ended- = Die Sitzung ist beendet.
all-your-other-sessions-have-ended-and-applications-have-to-ask-again- = Alle Ihre anderen Sitzungen sind beendet, und Anwendungen müssen erneut um Erlaubnis bitten.
the-application-no-longer-has-access-to-your-account- = Die Anwendung hat keinen Zugriff mehr auf Ihr Konto.
the-api-key-is-revoked-requests-that-use-it-are-refused- = Der API-Schlüssel ist widerrufen. Anfragen mit ihm werden abgewiesen.
the-changes-are-saved- = Die Änderungen sind gespeichert.
the-api-key-is-enabled- = Der API-Schlüssel ist freigegeben.
the-api-key-is-disabled-requests-that-use-it-are-refused- = Der API-Schlüssel ist gesperrt. Anfragen mit ihm werden abgewiesen.
the-trial-runs-requests-still-pass-and-are-counted-as-those-that-would-fail- = Die Probe läuft. Anfragen gehen noch durch und werden als solche gezählt, die scheitern würden.
the-trial-has-ended-the-api-key-stays-as-it-is- = Die Probe ist beendet. Der API-Schlüssel bleibt, wie er ist.
you-are-signed-out- = Sie sind abgemeldet.
the-user-is-created- = Der Benutzer ist angelegt.
the-password-is-set-the-user-s-sessions-have-ended- = Das Passwort ist festgelegt. Die Sitzungen des Benutzers sind beendet.
the-user-is-enabled- = Der Benutzer ist entsperrt.
the-user-is-disabled-sessions-tokens-and-keys-stopped-working- = Der Benutzer ist gesperrt. Sitzungen, Tokens und Schlüssel funktionieren nicht mehr.
the-user-is-deleted- = Der Benutzer ist gelöscht.
the-application-is-registered- = Die Anwendung ist registriert.
the-application-is-enabled- = Die Anwendung ist freigegeben.
the-application-is-disabled-its-tokens-stopped-working- = Die Anwendung ist gesperrt. Ihre Tokens funktionieren nicht mehr.
all-access-of-the-application-has-ended- = Der Anwendung ist jeder Zugriff entzogen.
the-application-is-deleted- = Die Anwendung ist gelöscht.
that-is-done-for-all-that-were-chosen- = Das ist getan, für alle, die gewählt waren.
the-device-is-connected-go-back-to-it-it-goes-on-by-itself- = Das Gerät ist verbunden. Gehen Sie zu ihm zurück: Es macht von selbst weiter.
the-device-was-turned-away-it-has-no-access-to-your-account- = Das Gerät wurde abgewiesen. Es hat keinen Zugriff auf Ihr Konto.

## What is wrong with names, addresses and passwords

the-user-name-is-empty- = Der Benutzername ist leer.
the-user-name-has-more-than-64-characters- = Der Benutzername hat mehr als 64 Zeichen.
the-user-name-has-a-control-character-or-one-that-cannot-be-seen- = Der Benutzername enthält ein Steuerzeichen oder ein unsichtbares Zeichen.
the-user-name-heaps-too-many-accents-on-one-letter- = Der Benutzername häuft zu viele Akzente auf einem Buchstaben.
the-user-name-has-a-space-at-its-beginning-or-end-or-two-in-a-row- = Der Benutzername hat ein Leerzeichen am Anfang oder Ende, oder zwei hintereinander.
the-e-mail-address-is-empty- = Die E-Mail-Adresse ist leer.
the-e-mail-address-has-more-than-254-characters- = Die E-Mail-Adresse hat mehr als 254 Zeichen.
the-e-mail-address-has-a-control-character-or-one-that-cannot-be-seen- = Die E-Mail-Adresse enthält ein Steuerzeichen oder ein unsichtbares Zeichen.
the-e-mail-address-heaps-too-many-accents-on-one-letter- = Die E-Mail-Adresse häuft zu viele Akzente auf einem Buchstaben.
the-e-mail-address-has-a-space-at-its-beginning-or-end-or-two-in-a-row- = Die E-Mail-Adresse hat ein Leerzeichen am Anfang oder Ende, oder zwei hintereinander.
the-full-name-is-empty- = Der vollständige Name ist leer.
the-full-name-has-more-than-200-characters- = Der vollständige Name hat mehr als 200 Zeichen.
the-full-name-has-a-control-character-or-one-that-cannot-be-seen- = Der vollständige Name enthält ein Steuerzeichen oder ein unsichtbares Zeichen.
the-full-name-heaps-too-many-accents-on-one-letter- = Der vollständige Name häuft zu viele Akzente auf einem Buchstaben.
the-full-name-has-a-space-at-its-beginning-or-end-or-two-in-a-row- = Der vollständige Name hat ein Leerzeichen am Anfang oder Ende, oder zwei hintereinander.
the-name-is-empty- = Der Name ist leer.
the-name-has-more-than-200-characters- = Der Name hat mehr als 200 Zeichen.
the-name-has-a-control-character-or-one-that-cannot-be-seen- = Der Name enthält ein Steuerzeichen oder ein unsichtbares Zeichen.
the-name-heaps-too-many-accents-on-one-letter- = Der Name häuft zu viele Akzente auf einem Buchstaben.
the-name-has-a-space-at-its-beginning-or-end-or-two-in-a-row- = Der Name hat ein Leerzeichen am Anfang oder Ende, oder zwei hintereinander.
the-user-name-has-a-character-that-is-not-allowed-use-letters-digits-and- = Der Benutzername hat ein Zeichen, das nicht erlaubt ist: Verwenden Sie Buchstaben, Ziffern und . _ -
the-user-name-must-begin-with-a-letter-or-a-digit- = Der Benutzername muss mit einem Buchstaben oder einer Ziffer beginnen.
the-user-name-mixes-letters-of-several-scripts-such-as-latin-and-cyrillic-which-look-alike- = Der Benutzername mischt Buchstaben mehrerer Schriften, etwa lateinische und kyrillische, die gleich aussehen.
the-user-name-looks-the-same-as-a-name-in-plain-latin-letters-but-is-another-write-it-in-plain-letters- = Der Benutzername sieht aus wie ein Name in lateinischen Buchstaben, ist aber ein anderer: Schreiben Sie ihn in einfachen Buchstaben.
the-e-mail-address-is-not-an-e-mail-address-it-must-look-like-name-example-org- = Das ist keine E-Mail-Adresse: Sie muss aussehen wie name@example.org.
the-user-name-is-taken- = Dieser Benutzername ist schon vergeben.
the-e-mail-address-belongs-to-another-user- = Diese E-Mail-Adresse gehört einem anderen Benutzer.
the-password-has-fewer-than-8-characters-use-a-longer-one-such-as-a-few-words-that-only-you-put-together- = Das Passwort hat weniger als 8 Zeichen: Nehmen Sie ein längeres, zum Beispiel ein paar Wörter, die nur Sie so zusammenstellen.
the-password-has-more-than-1024-characters- = Das Passwort hat mehr als 1024 Zeichen.
the-password-is-one-of-those-that-are-guessed-first-use-one-that-nobody-else-uses- = Das Passwort gehört zu denen, die zuerst erraten werden: Nehmen Sie eines, das sonst niemand benutzt.
the-password-is-the-user-name-or-the-e-mail-address-which-others-know- = Das Passwort ist der Benutzername oder die E-Mail-Adresse, und die kennen andere.
the-new-password-has-fewer-than-8-characters-use-a-longer-one-such-as-a-few-words-that-only-you-put-together- = Das neue Passwort hat weniger als 8 Zeichen: Nehmen Sie ein längeres, zum Beispiel ein paar Wörter, die nur Sie so zusammenstellen.
the-new-password-has-more-than-1024-characters- = Das neue Passwort hat mehr als 1024 Zeichen.
the-new-password-is-one-of-those-that-are-guessed-first-use-one-that-nobody-else-uses- = Das neue Passwort gehört zu denen, die zuerst erraten werden: Nehmen Sie eines, das sonst niemand benutzt.
the-new-password-is-the-user-name-or-the-e-mail-address-which-others-know- = Das neue Passwort ist der Benutzername oder die E-Mail-Adresse, und die kennen andere.

## Pages for what went wrong

the-application-sent-a-wrong-request = Die Anwendung hat eine falsche Anfrage gesendet
nothing-was-shared-with-it-tell-the-people-who-run-the-application-what-stands-above- = Es wurde nichts an sie weitergegeben. Teilen Sie ihren Betreibern mit, was oben steht.
nothing-was-shared-with-it-and-nobody-here-has-checked-who-runs-it- = Es wurde nichts an sie weitergegeben, und niemand hier hat geprüft, wer sie betreibt.
this-page-is-for-administrators = Diese Seite ist für Administratoren
the-way-back-from-sign-in-is-not-good = Der Rückweg von der Anmeldung gilt nicht
open-the-page-that-you-wanted-once-more- = Öffnen Sie die gewünschte Seite noch einmal.
this-page-is-not-open-to-you = Diese Seite steht Ihnen nicht offen
the-form-could-not-be-accepted = Das Formular konnte nicht angenommen werden
nothing-was-changed- = Es wurde nichts geändert.
page-not-found = Seite nicht gefunden
check-the-address- = Prüfen Sie die Adresse.
too-many-attempts = Zu viele Versuche
wait-a-while-if-it-was-not-you-somebody-is-guessing- = Warten Sie eine Weile. Wenn Sie es nicht waren, rät jemand.
the-server-is-busy = Der Server ist ausgelastet
wait-a-moment-and-reload-the-page- = Warten Sie einen Moment, und laden Sie die Seite neu.
something-went-wrong = Etwas ist schiefgegangen
tell-your-administrator-the-request-s-id-below- = Nennen Sie Ihrem Administrator die Nummer der Anfrage unten.
the-request-could-not-be-accepted = Die Anfrage konnte nicht angenommen werden
the-role-role-is-needed- = Dafür braucht es die Rolle { $role }.
too-many-attempts-try-again-in-count-seconds- = Zu viele Versuche; versuchen Sie es in { $count } Sekunden noch einmal.
a-valid-credential-is-needed- = Dafür braucht es gültige Zugangsdaten.
this-page-is-for-people-who-are-signed-in-api-keys-and-access-tokens-do-not-open-it- = Diese Seite ist für angemeldete Personen; API-Schlüssel und Zugriffstokens öffnen sie nicht.
these-are-a-user-s-own-records-and-a-client-that-acts-in-its-own-name-has-none- = Das sind die eigenen Daten eines Benutzers; eine Anwendung, die in ihrem eigenen Namen handelt, hat keine.
there-is-nothing-at-this-address- = Unter dieser Adresse gibt es nichts.
the-request-took-too-long-to-arrive- = Die Anfrage kam zu langsam an.
the-request-s-body-is-too-large- = Der Inhalt der Anfrage ist zu groß.
the-server-is-too-busy-just-now-try-again-in-a-moment- = Der Server ist gerade zu beschäftigt; versuchen Sie es gleich noch einmal.
something-went-wrong-here-the-server-s-log-says-more- = Hier ist etwas schiefgegangen; mehr steht im Log des Servers.
it-contradicts-what-is-there-already- = Es widerspricht dem, was schon da ist.
the-form-s-security-token-is-missing-or-has-expired-go-back-reload-the-page-and-try-again- = Das Sicherheitstoken des Formulars fehlt oder ist abgelaufen; gehen Sie zurück, laden Sie die Seite neu, und versuchen Sie es noch einmal.
the-request-was-sent-from-another-site- = Die Anfrage kam von einer anderen Website.
this-code-was-entered-in-another-session-whoever-entered-it-first-decides- = Dieser Code wurde in einer anderen Sitzung eingegeben; wer ihn zuerst eingegeben hat, entscheidet.
this-request-was-decided-already-or-waited-too-long-begin-again-at-the-application- = Über diese Anfrage ist schon entschieden, oder sie hat zu lange gewartet; beginnen Sie noch einmal in der Anwendung.
people-do-not-make-accounts-by-themselves-here-ask-whoever-runs-this-server-for-one- = Hier legt niemand selbst ein Konto an; bitten Sie den Betreiber dieses Servers um eines.
people-do-not-delete-their-own-accounts-here-ask-whoever-runs-this-server- = Hier löscht niemand sein Konto selbst; fragen Sie den Betreiber dieses Servers.
your-account-has-no-e-mail-address-yet- = Ihr Konto hat noch keine E-Mail-Adresse.
this-setup-address-is-not-valid-or-was-used-already-sign-in-or-make-an-administrator-on-the-command-line-hallpass-user-create-role-admin- = Diese Adresse zum Einrichten gilt nicht oder wurde schon benutzt; melden Sie sich an, oder legen Sie auf der Kommandozeile einen Administrator an (hallpass user create --role admin).
the-password-was-changed-meanwhile-try-again- = Das Passwort wurde inzwischen geändert; versuchen Sie es noch einmal.
this-is-the-last-enabled-administrator-make-another-one-first- = Das ist der letzte nicht gesperrte Administrator; ernennen Sie zuerst einen anderen.
the-authorization-request-is-longer-than-32768-bytes-nobody-could-come-back-to-it-from-sign-in- = Die Anfrage ist länger als 32768 Bytes; niemand könnte von der Anmeldung zu ihr zurückkommen.
the-application-calls-itself-name-to-tell-it-what-was-wrong-you-can = Die Anwendung nennt sich { $name }. Hier können Sie ihr mitteilen, was nicht stimmte:
go-to-host = Weiter zu { $host }
if-you-did-not-come-from-there-close-this-page- = ; wenn Sie nicht von dort kommen, schließen Sie diese Seite.
the-application-calls-itself-name-you-can-tell-it-what-was-wrong-if-you-did-not-come-from-there-close-this-page- = Die Anwendung nennt sich { $name }. Sie können ihr mitteilen, was nicht stimmte; wenn Sie nicht von dort kommen, schließen Sie diese Seite.
error-status = Fehler { $status }
request = Anfrage
