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
keyboard-shortcuts = Tastenkürzel
go-to-the-search = Zur Suche
show-these-keys = Diese Tasten zeigen
use-keyboard-shortcuts-in-this-browser = In diesem Browser Tastenkürzel verwenden
close = Schließen

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
ask-for-your-link = Link anfordern
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
you-have-none-you-sign-in-with-a-passkey- = Sie haben keines: Sie melden sich mit einem Passkey an.
set-a-password = Passwort festlegen
remove-password = Passwort entfernen
remove-your-password- = Ihr Passwort entfernen?
you-sign-in-with-a-passkey-alone-programs-that-ask-for-your-name-and-password-let-you-in-no-more- = Sie melden sich allein mit einem Passkey an. Programme, die nach Ihrem Namen und Passwort fragen, lassen Sie nicht mehr hinein.
your-other-sessions-end-and-applications-have-to-ask-again- = Ihre anderen Sitzungen werden beendet, und Anwendungen müssen erneut um Erlaubnis bitten.
if-you-lose-your-passkeys-a-link-for-a-new-password-that-is-sent-to-your-e-mail-address-and-one-of-your-recovery-codes-let-you-in-keep-the-codes- = Wenn Sie Ihre Passkeys verlieren, kommen Sie mit einem Link für ein neues Passwort, der an Ihre E-Mail-Adresse geht, und einem Ihrer Wiederherstellungscodes wieder hinein. Bewahren Sie die Codes auf.
you-have-no-e-mail-address-if-you-lose-your-passkeys-only-an-administrator-can-help- = Sie haben keine E-Mail-Adresse: Wenn Sie Ihre Passkeys verlieren, kann nur ein Administrator helfen.
you-can-set-a-password-again- = Sie können wieder ein Passwort festlegen.
you-sign-in-with-it-beside-your-passkeys-your-other-sessions-end-and-applications-have-to-ask-again- = Sie melden sich damit neben Ihren Passkeys an. Ihre anderen Sitzungen werden beendet, und Anwendungen müssen erneut um Erlaubnis bitten.
you-have-no-passkey-that-is-enough-alone-add-one-that-asks-for-your-finger-your-face-or-a-pin-and-then-remove-the-password- = Sie haben keinen Passkey, der allein genügt: Fügen Sie einen hinzu, der Ihren Finger, Ihr Gesicht oder eine PIN verlangt, und entfernen Sie dann das Passwort.
this-user-has-none-and-signs-in-with-a-passkey- = Dieser Benutzer hat keines und meldet sich mit einem Passkey an.
change-password = Passwort ändern
manage = Verwalten
you-have-an-authenticator-app- = Sie haben eine Authenticator-App.
you-have-none-yet-you-will-be-asked-to-add-one-the-next-time-you-sign-in- = Sie haben noch keinen. Bei der nächsten Anmeldung werden Sie gebeten, einen hinzuzufügen.
you-have-none-with-one-nobody-gets-in-who-knows-nothing-but-your-password- = Sie haben keinen. Mit einem zweiten Faktor kommt niemand hinein, der nur Ihr Passwort kennt.
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
whoever-did-it-has-read-the-place-where-you-left-it-look-who-can- = Wer es war, kennt die Stelle, an der Sie ihn hinterlegt haben: Prüfen Sie, wer dort Zugriff hat.
a-secret-of-yours-was-found-where-it-should-not-be-and-was-put-out-of-use- = Ein Geheimnis von Ihnen wurde gefunden, wo es nicht sein sollte, und außer Kraft gesetzt.
a-secret-of-yours-name-was-found-where-it-should-not-be-and-was-put-out-of-use- = Ein Geheimnis von Ihnen ({ $name }) wurde gefunden, wo es nicht sein sollte, und außer Kraft gesetzt.
give-whatever-uses-it-a-new-one-and-find-out-how-it-got-there- = Ersetzen Sie es überall, wo es benutzt wird, und finden Sie heraus, wie es dorthin kam.
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
somebody-gave-your-password-and-then-a-wrong-code-or-passkey- = Jemand hat Ihr Passwort eingegeben und danach einen falschen Code oder Passkey.
somebody-tried-to-sign-in-with-a-wrong-password- = Jemand hat versucht, sich mit einem falschen Passwort anzumelden.
your-password-was-removed- = Ihr Passwort wurde entfernt.
a-passkey-of-yours-got-another-name- = Einer Ihrer Passkeys hat einen anderen Namen bekommen.
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
something-was-done- = Sonstiges Ereignis.

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
enter-the-code-that-your-tv-tool-or-other-device-shows-now- = Geben Sie den Code ein, den Ihr Fernseher, Ihr Werkzeug oder ein anderes Gerät gerade zeigt.
eight-letters-such-as-wdjb-mjht-enter-only-a-code-that-you-see-on-a-device-of-yours- = Acht Buchstaben, zum Beispiel WDJB-MJHT. Geben Sie nur einen Code ein, den Sie auf einem Ihrer Geräte sehen.
no-device-waits-with-this-code-look-at-it-once-more-if-it-was-used-or-is-older-than-what-the-device-shows-now-begin-again-on-the-device- = Kein Gerät wartet mit diesem Code. Vergleichen Sie ihn noch einmal; wenn er schon benutzt wurde oder das Gerät jetzt einen anderen zeigt, beginnen Sie auf dem Gerät von vorn.
your-account-can-t-allow-anything-of-what-this-device-asks-for-it-needs-roles-that-you-don-t-have- = Ihr Konto kann nichts von dem erlauben, worum dieses Gerät bittet: Dafür braucht es Rollen, die Sie nicht haben.
enter-the-code-that-the-device-shows- = Geben Sie den Code ein, den das Gerät zeigt.
back-to-name = Zurück zu { $name }
your-browser-takes-the-answer-to = Ihr Browser bringt die Antwort zu
if-it-does-not-go-on-by-itself-press-the-button- = Wenn es nicht von selbst weitergeht, wählen Sie „Weiter“.
on-the-way-to-host = Auf dem Weg zu { $host }
if-your-browser-does-not-go-on-by-itself-press-the-button- = Wenn Ihr Browser nicht von selbst weitergeht, wählen Sie „Weiter“.

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
create-change-and-revoke-everybody-s-api-keys = Die API-Schlüssel aller Benutzer erstellen, ändern und widerrufen
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
generate-keys = Schlüssel erstellen
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
the-only-addresses-or-networks-that-it-works-from-one-a-line-such-as-192-0-2-7-or-10-0-0-0-8-it-works-from-everywhere-where-there-are-none- = Die einzigen Adressen oder Netze, von denen er funktioniert, eine pro Zeile, zum Beispiel 192.0.2.7 oder 10.0.0.0/8. Ohne Angabe funktioniert er von überall.
limits = Limits
how-often-it-may-be-used-up-to-five-windows-one-a-line-each-a-name-so-many-requests-and-how-long-burst-10-1s-daily-5000-1d-nobody-counts-where-there-are-none- = Wie oft er benutzt werden darf: bis zu fünf Zeitfenster, eines pro Zeile, jeweils Name, Zahl der Anfragen und Dauer: burst=10/1s, daily=5000/1d. Ohne Angabe wird nicht gezählt.
a-decoy = Ein Köder
it-never-works-leave-it-where-only-an-intruder-looks-whoever-tries-it-raises-an-alarm = Er funktioniert nie. Hinterlegen Sie ihn, wo nur ein Eindringling nachsieht: Wer ihn benutzt, löst Alarm aus
full-access-and-single-scopes-exclude-each-other-choose-one-of-the-two- = Voller Zugriff und einzelne Berechtigungen schließen einander aus: Wählen Sie eines von beiden.
there-is-no-scope-scope-that-this-key-could-have- = Es gibt keine Berechtigung { $scope }, die dieser Schlüssel haben könnte.
choose-at-least-one-scope-or-full-access- = Wählen Sie mindestens eine Berechtigung oder vollen Zugriff.
all-roles-and-single-roles-exclude-each-other-choose-one-of-the-two- = Alle Rollen und einzelne Rollen schließen einander aus: Wählen Sie eines von beiden.
a-key-has-no-role-that-its-user-has-not- = Ein Schlüssel hat keine Rolle, die sein Benutzer nicht hat.
choose-one-of-the-times-that-are-offered- = Wählen Sie eine der angebotenen Zeiten.
write-the-day-as-2027-01-31-or-nothing- = Geben Sie den Tag in der Form 2027-01-31 an, oder lassen Sie das Feld leer.
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
this-key-is-disabled-and-its-successor-would-not-be-enable-it-first- = Dieser Schlüssel ist gesperrt, sein Nachfolger wäre es nicht; entsperren Sie ihn zuerst.
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
it-was-last-tried = Zuletzt benutzt:
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
made-elsewhere-and-brought-here-rotate-it-and-its-secret-says-what-it-is- = Anderswo erstellt und importiert. Erneuern Sie ihn; dann ist seinem Geheimnis anzusehen, was es ist.
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
days-are-counted-in-utc-most-on-one-day-count- = Tage zählen nach UTC. Höchstens an einem Tag: { $count }.
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
refused-over-a-limit = Abgewiesen: Ein Limit war überschritten
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
requests-that-use-it-are-refused-until-it-is-enabled-again- = Anfragen mit ihm werden abgewiesen, bis er wieder entsperrt ist.
enable = Entsperren
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
your-password-is-removed-and-your-other-sessions-have-ended-you-sign-in-with-a-passkey- = Ihr Passwort ist entfernt, und Ihre anderen Sitzungen sind beendet. Sie melden sich mit einem Passkey an.
your-password-is-set-your-other-sessions-have-ended- = Ihr Passwort ist festgelegt. Ihre anderen Sitzungen sind beendet.
the-passkey-has-another-name- = Der Passkey hat einen anderen Namen.
your-password-is-changed-your-other-sessions-have-ended- = Ihr Passwort ist geändert. Ihre anderen Sitzungen sind beendet.
your-password-is-set-and-all-your-sessions-have-ended-sign-in-with-it- = Ihr Passwort ist festgelegt, und alle Ihre Sitzungen sind beendet. Melden Sie sich damit an.
your-account-is-there-sign-in-with-the-password-that-you-picked- = Ihr Konto ist angelegt. Melden Sie sich mit dem Passwort an, das Sie gewählt haben.
a-link-is-on-its-way-open-it-to-confirm-the-address- = Ein Link ist unterwegs. Öffnen Sie ihn, um die Adresse zu bestätigen.
your-account-is-deleted-and-all-that-belonged-to-it- = Ihr Konto ist gelöscht, mit allem, was dazugehörte.
the-second-factor-is-added-you-will-be-asked-for-it-when-you-sign-in- = Der zweite Faktor ist hinzugefügt. Bei der Anmeldung werden Sie danach gefragt.
the-second-factor-is-removed- = Der zweite Faktor ist entfernt.
sign-in-once-more-to-go-on-what-comes-next-is-for-you-alone- = Melden Sie sich noch einmal an, um fortzufahren: Was jetzt kommt, ist nur für Sie.
you-have-signed-in-once-more-nothing-was-changed-before-that-do-now-what-you-came-for- = Sie haben sich noch einmal angemeldet. Davor wurde nichts geändert: Tun Sie jetzt, wofür Sie gekommen sind.
the-session-has-ended- = Die Sitzung ist beendet.
all-your-other-sessions-have-ended-and-applications-have-to-ask-again- = Alle Ihre anderen Sitzungen sind beendet, und Anwendungen müssen erneut um Erlaubnis bitten.
the-application-no-longer-has-access-to-your-account- = Die Anwendung hat keinen Zugriff mehr auf Ihr Konto.
the-api-key-is-revoked-requests-that-use-it-are-refused- = Der API-Schlüssel ist widerrufen. Anfragen mit ihm werden abgewiesen.
the-changes-are-saved- = Die Änderungen sind gespeichert.
the-api-key-is-enabled- = Der API-Schlüssel ist entsperrt.
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
the-application-is-enabled- = Die Anwendung ist entsperrt.
the-application-is-disabled-its-tokens-stopped-working- = Die Anwendung ist gesperrt. Ihre Tokens funktionieren nicht mehr.
all-access-of-the-application-has-ended- = Der Anwendung ist jeder Zugriff entzogen.
the-application-is-deleted- = Die Anwendung ist gelöscht.
that-is-done-for-all-that-were-chosen- = Das ist für alle ausgewählten Einträge erledigt.
the-device-is-connected-go-back-to-it-it-goes-on-by-itself- = Das Gerät ist verbunden. Gehen Sie zu ihm zurück: Es macht von selbst weiter.
the-device-was-turned-away-it-has-no-access-to-your-account- = Das Gerät wurde abgewiesen. Es hat keinen Zugriff auf Ihr Konto.

## What is wrong with names, addresses and passwords

the-user-name-is-empty- = Der Benutzername ist leer.
the-user-name-has-more-than-64-characters- = Der Benutzername hat mehr als 64 Zeichen.
the-user-name-has-a-control-character-or-one-that-cannot-be-seen- = Der Benutzername enthält ein Steuerzeichen oder ein unsichtbares Zeichen.
the-user-name-heaps-too-many-accents-on-one-letter- = Der Benutzername hat zu viele Akzente auf einem Buchstaben.
the-user-name-has-a-space-at-its-beginning-or-end-or-two-in-a-row- = Der Benutzername hat ein Leerzeichen am Anfang oder Ende, oder zwei hintereinander.
the-e-mail-address-is-empty- = Die E-Mail-Adresse ist leer.
the-e-mail-address-has-more-than-254-characters- = Die E-Mail-Adresse hat mehr als 254 Zeichen.
the-e-mail-address-has-a-control-character-or-one-that-cannot-be-seen- = Die E-Mail-Adresse enthält ein Steuerzeichen oder ein unsichtbares Zeichen.
the-e-mail-address-heaps-too-many-accents-on-one-letter- = Die E-Mail-Adresse hat zu viele Akzente auf einem Buchstaben.
the-e-mail-address-has-a-space-at-its-beginning-or-end-or-two-in-a-row- = Die E-Mail-Adresse hat ein Leerzeichen am Anfang oder Ende, oder zwei hintereinander.
the-full-name-is-empty- = Der vollständige Name ist leer.
the-full-name-has-more-than-200-characters- = Der vollständige Name hat mehr als 200 Zeichen.
the-full-name-has-a-control-character-or-one-that-cannot-be-seen- = Der vollständige Name enthält ein Steuerzeichen oder ein unsichtbares Zeichen.
the-full-name-heaps-too-many-accents-on-one-letter- = Der vollständige Name hat zu viele Akzente auf einem Buchstaben.
the-full-name-has-a-space-at-its-beginning-or-end-or-two-in-a-row- = Der vollständige Name hat ein Leerzeichen am Anfang oder Ende, oder zwei hintereinander.
the-name-is-empty- = Der Name ist leer.
the-name-has-more-than-200-characters- = Der Name hat mehr als 200 Zeichen.
the-name-has-a-control-character-or-one-that-cannot-be-seen- = Der Name enthält ein Steuerzeichen oder ein unsichtbares Zeichen.
the-name-heaps-too-many-accents-on-one-letter- = Der Name hat zu viele Akzente auf einem Buchstaben.
the-name-has-a-space-at-its-beginning-or-end-or-two-in-a-row- = Der Name hat ein Leerzeichen am Anfang oder Ende, oder zwei hintereinander.
the-user-name-has-a-character-that-is-not-allowed-use-letters-digits-and- = Der Benutzername hat ein Zeichen, das nicht erlaubt ist: Nehmen Sie Buchstaben, Ziffern und . _ -
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
the-way-back-from-sign-in-is-not-good = Der Rückweg von der Anmeldung ist ungültig
open-the-page-that-you-wanted-once-more- = Öffnen Sie die gewünschte Seite noch einmal.
this-page-is-not-open-to-you = Diese Seite steht Ihnen nicht offen
the-form-could-not-be-accepted = Das Formular konnte nicht angenommen werden
nothing-was-changed- = Es wurde nichts geändert.
page-not-found = Seite nicht gefunden
check-the-address- = Prüfen Sie die Adresse.
too-many-attempts = Zu viele Versuche
wait-a-while-if-it-was-not-you-somebody-is-guessing- = Warten Sie eine Weile. Wenn Sie das nicht waren, versucht jemand, Ihr Passwort zu erraten.
the-server-is-busy = Der Server ist ausgelastet
wait-a-moment-and-reload-the-page- = Warten Sie einen Moment, und laden Sie die Seite neu.
something-went-wrong = Etwas ist schiefgegangen
tell-your-administrator-the-request-s-id-below- = Nennen Sie Ihrem Administrator die ID der Anfrage unten.
the-request-could-not-be-accepted = Die Anfrage konnte nicht angenommen werden
the-role-role-is-needed- = Dafür braucht es die Rolle { $role }.
too-many-attempts-try-again-in-count-seconds- = Zu viele Versuche; versuchen Sie es in { $count } Sekunden noch einmal.
a-valid-credential-is-needed- = Dafür braucht es gültige Zugangsdaten.
this-page-is-for-people-who-are-signed-in-api-keys-and-access-tokens-do-not-open-it- = Diese Seite ist für angemeldete Personen; API-Schlüssel und Access-Tokens öffnen sie nicht.
these-are-a-user-s-own-records-and-a-client-that-acts-in-its-own-name-has-none- = Das sind die eigenen Daten eines Benutzers; eine Anwendung, die in eigenem Namen handelt, hat keine.
there-is-nothing-at-this-address- = Unter dieser Adresse gibt es nichts.
this-address-takes-only-allow- = Diese Adresse nimmt nur { $allow }.
the-request-took-too-long-to-arrive- = Die Anfrage kam zu langsam an.
the-request-s-body-is-too-large- = Der Inhalt der Anfrage ist zu groß.
the-server-is-too-busy-just-now-try-again-in-a-moment- = Der Server ist gerade ausgelastet; versuchen Sie es gleich noch einmal.
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
the-authorization-request-is-longer-than-32768-bytes-nobody-could-come-back-to-it-from-sign-in- = Die Autorisierungsanfrage ist länger als 32768 Bytes; niemand könnte von der Anmeldung zu ihr zurückkommen.
there-is-no-second-factor-that-recovery-codes-could-stand-in-for- = Es gibt keinen zweiten Faktor, den Wiederherstellungscodes ersetzen könnten.
act-is-none-of-this-list-s- = Das lässt sich mit den Einträgen dieser Liste nicht tun.
rights-are-full-access-or-scopes- = Wählen Sie vollen Zugriff oder einzelne Berechtigungen.
rd-is-missing-the-address-to-come-back-to- = rd fehlt: die Adresse, zu der es zurückgehen soll.
it-was-used-already-is-more-than-a-minute-old-or-is-for-another-host- = Er wurde schon benutzt, ist über eine Minute alt oder für einen anderen Host.
client-id-names-no-client-that-is-registered-here-and-enabled- = client_id nennt keine Anwendung, die hier registriert und nicht gesperrt ist.
redirect-uri-is-not-registered-for-this-client-this-client-has-none- = redirect_uri ist für diese Anwendung nicht registriert: Sie hat keine.
redirect-uri-is-not-registered-for-this-client-it-differs-in-its-punctuation- = redirect_uri ist für diese Anwendung nicht registriert: Sie weicht in der Zeichensetzung ab.
redirect-uri-is-not-registered-for-this-client-it-differs-at-its-scheme- = redirect_uri ist für diese Anwendung nicht registriert: Ihr Schema weicht ab.
redirect-uri-is-not-registered-for-this-client-it-differs-at-its-host- = redirect_uri ist für diese Anwendung nicht registriert: Ihr Host weicht ab.
redirect-uri-is-not-registered-for-this-client-it-differs-at-its-port- = redirect_uri ist für diese Anwendung nicht registriert: Ihr Port weicht ab.
redirect-uri-is-not-registered-for-this-client-it-differs-at-its-path- = redirect_uri ist für diese Anwendung nicht registriert: Ihr Pfad weicht ab.
redirect-uri-is-not-registered-for-this-client-it-differs-at-its-query- = redirect_uri ist für diese Anwendung nicht registriert: Ihre Query weicht ab.
redirect-uri-is-not-registered-for-this-client-it-has-http-in-place-of-https- = redirect_uri ist für diese Anwendung nicht registriert: Sie hat http statt https.
redirect-uri-is-not-registered-for-this-client-it-has-https-in-place-of-http- = redirect_uri ist für diese Anwendung nicht registriert: Sie hat https statt http.
redirect-uri-is-not-registered-for-this-client-its-host-has-other-capital-and-small-letters- = redirect_uri ist für diese Anwendung nicht registriert: Ihr Host ist anders groß- und kleingeschrieben.
redirect-uri-is-not-registered-for-this-client-its-host-differs-127-0-0-1-1-and-localhost-count-as-different- = redirect_uri ist für diese Anwendung nicht registriert: Ihr Host weicht ab; 127.0.0.1, [::1] und localhost gelten als verschieden.
redirect-uri-is-not-registered-for-this-client-its-port-is-not-a-number-from-1-to-65535- = redirect_uri ist für diese Anwendung nicht registriert: Ihr Port ist keine Zahl von 1 bis 65535.
redirect-uri-is-not-registered-for-this-client-it-has-a-slash-too-many-at-its-end- = redirect_uri ist für diese Anwendung nicht registriert: Sie hat am Ende einen Schrägstrich zu viel.
redirect-uri-is-not-registered-for-this-client-it-lacks-the-slash-at-its-end- = redirect_uri ist für diese Anwendung nicht registriert: Ihr fehlt der Schrägstrich am Ende.
redirect-uri-is-not-registered-for-this-client-its-path-has-other-capital-and-small-letters- = redirect_uri ist für diese Anwendung nicht registriert: Ihr Pfad ist anders groß- und kleingeschrieben.
redirect-uri-is-not-registered-for-this-client-it-has-a-query-and-the-registered-one-has-none- = redirect_uri ist für diese Anwendung nicht registriert: Sie hat eine Query, die registrierte hat keine.
redirect-uri-is-not-registered-for-this-client-it-lacks-the-query-of-the-registered-one- = redirect_uri ist für diese Anwendung nicht registriert: Ihr fehlt die Query der registrierten.
the-application-calls-itself-name-to-tell-it-what-was-wrong-you-can = Die Anwendung nennt sich { $name }. Hier können Sie ihr mitteilen, was nicht stimmte:
go-to-host = Weiter zu { $host }
if-you-did-not-come-from-there-close-this-page- = ; wenn Sie nicht von dort kommen, schließen Sie diese Seite.
the-application-calls-itself-name-you-can-tell-it-what-was-wrong-if-you-did-not-come-from-there-close-this-page- = Die Anwendung nennt sich { $name }. Sie können ihr mitteilen, was nicht stimmte; wenn Sie nicht von dort kommen, schließen Sie diese Seite.
error-status = Fehler { $status }
request = Anfrage

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
none-fits-take-away-a-part-of-the-search- = Nichts gefunden. Suchen Sie mit weniger Angaben.
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

delete = Löschen
take-back = Zurücknehmen
end-all-access = Allen Zugriff entziehen
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
their-tokens-stop-working-at-once-and-they-can-t-ask-for-new-ones- = Ihre Tokens gelten ab sofort nicht mehr, und sie bekommen keine neuen.
they-can-be-enabled-again-with-the-access-that-people-gave-them- = Sie können wieder entsperrt werden und haben dann den Zugriff, den man ihnen gegeben hat.
all-their-tokens-stop-working-at-once-whosever-they-are- = Alle ihre Tokens gelten ab sofort nicht mehr, für welchen Benutzer auch immer.
what-people-let-them-do-is-taken-back-they-have-to-ask-each-of-them-again- = Alle Freigaben werden zurückgenommen; sie müssen jeden Benutzer erneut um Erlaubnis bitten.
their-tokens-stop-working-at-once-and-what-people-let-them-do-goes-with-them- = Ihre Tokens gelten ab sofort nicht mehr, und alle Freigaben für sie werden mitgelöscht.
requests-that-carry-them-are-refused-at-once- = Anfragen damit werden ab sofort abgewiesen.
whoever-uses-them-has-to-sign-in-again- = Wer sie benutzt, muss sich neu anmelden.
applications-that-these-browsers-signed-in-to-are-told-where-they-ask-to-be- = Anwendungen, in denen man mit diesen Browsern angemeldet ist, werden benachrichtigt, wenn sie das wünschen.
all-tokens-that-came-of-them-stop-working-at-once- = Alle Tokens daraus gelten ab sofort nicht mehr.
the-applications-have-to-ask-these-people-again- = Die Anwendungen müssen diese Personen erneut um Erlaubnis bitten.
not-all-of-it-was-done = Nicht alles wurde ausgeführt
what-follows-is-as-it-was- = Das Folgende ist unverändert.
back-to-the-list = Zurück zur Liste
it-is-not-there-any-more- = Das gibt es nicht mehr.

# Overview

what-needs-attention-and-how-much-goes-on- = Worum Sie sich kümmern sollten, und wie viel los ist.
needs-attention = Zu tun
nothing-does-keys-that-end-soon-failed-sign-ins-applications-nobody-uses-and-decoys-that-were-tried-will-stand-here- = Nichts. Hier stehen bald ablaufende Schlüssel, fehlgeschlagene Anmeldungen, ungenutzte Anwendungen und benutzte Köder.
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
failed = Fehlgeschlagen
tokens = Tokens
given-out = Ausgegeben
requests-with-a-credential = Anfragen mit Zugangsdaten
none-in-the-last-days-days- = Keine in den letzten { $days } Tagen.
good-count-in-days-days-the-table-below-has-each-day- = { $good }: { $count } in { $days } Tagen. Die Tabelle darunter nennt jeden Tag.
good-count-bad-less-in-days-days-the-table-below-has-each-day- = { $good }: { $count }, { $bad }: { $less } in { $days } Tagen. Die Tabelle darunter nennt jeden Tag.
days-are-counted-in-utc-over-all-nodes-and-written-once-a-minute- = Tage zählen nach UTC, über alle Knoten, und werden jede Minute aktualisiert.

# Users

people-who-sign-in-and-service-accounts-that-only-call-apis- = Personen, die sich anmelden, und Dienstkonten, die nur APIs aufrufen.
import = Importieren
new-user = Neuer Benutzer
no-user-among-those-that-were-looked-through-fits- = Im durchsuchten Teil der Liste passt kein Benutzer.
no-user-fits-take-away-a-part-of-the-search- = Kein Benutzer gefunden. Suchen Sie mit weniger Angaben.
service-account = Dienstkonto
without-it-can-t-be-changed-later- = Ohne @. Er kann später nicht geändert werden.
it-signs-in-as-well-as-the-user-name- = Man kann sich damit ebenso anmelden wie mit dem Benutzernamen.
at-least-8-characters-a-service-account-has-none- = Mindestens 8 Zeichen. Ein Dienstkonto hat keines.
for-api-calls-alone-no-password-and-no-sign-in-only-api-keys = Nur für API-Aufrufe: ohne Passwort und Anmeldung, nur mit API-Schlüsseln
a-change-holds-from-the-next-request-on- = Eine Änderung gilt ab der nächsten Anfrage.
create-user = Benutzer anlegen
username-since = { $username } · seit
about-name = Über { $name }
details = Details
no-sign-in-and-sessions-tokens-and-keys-stop-working-at-once- = Keine Anmeldung mehr; Sitzungen, Tokens und Schlüssel gelten ab sofort nicht mehr.
the-user-can-sign-in-again-and-keys-work-again- = Der Benutzer kann sich wieder anmelden, und Schlüssel gelten wieder.
the-account-its-sessions-keys-and-grants-go-for-good- = Das Konto, seine Sitzungen, Schlüssel und Freigaben werden endgültig gelöscht.
keys-for-scripts-and-tools-requests-that-carry-one-are-made-and-logged-in-this-user-s-name- = Schlüssel für Skripte und Werkzeuge. Anfragen damit geschehen im Namen dieses Benutzers und werden so protokolliert.
a-new-password-ends-the-user-s-sessions-and-applications-have-to-ask-again- = Ein neues Passwort beendet die Sitzungen des Benutzers, und Anwendungen müssen erneut um Erlaubnis bitten.
disable-the-user-name- = Den Benutzer { $name } sperren?
delete-the-user-name- = Den Benutzer { $name } löschen?
disable-user = Benutzer sperren
delete-user = Benutzer löschen
nobody-can-sign-in-as-this-user-and-sessions-tokens-and-api-keys-stop-working-at-once- = Niemand kann sich mehr als dieser Benutzer anmelden; Sitzungen, Tokens und API-Schlüssel gelten ab sofort nicht mehr.
the-account-goes-and-with-it-its-sessions-its-api-keys-and-all-access-that-it-gave-to-applications- = Das Konto wird gelöscht, mit ihm seine Sitzungen, seine API-Schlüssel und aller Zugriff, den es Anwendungen gegeben hat.
what-the-user-did-stays-in-the-audit-log- = Was der Benutzer getan hat, bleibt im Protokoll.
this-is-you-you-will-be-signed-out- = Das sind Sie selbst: Sie werden abgemeldet.
the-user-can-be-enabled-again- = Der Benutzer kann wieder entsperrt werden.
may-do-everything-built-in = Darf alles, vorgegeben
runs-this-server-users-applications-everything = Verwaltet diesen Server: Benutzer, Anwendungen, alles
there-is-no-such-user- = Diesen Benutzer gibt es nicht.
a-service-account-has-no-password-it-uses-api-keys- = Ein Dienstkonto hat kein Passwort; es benutzt API-Schlüssel.
the-last-administrator-keeps-the-role-admin- = Der letzte Administrator behält die Rolle admin.
this-is-you-change-your-password-on-your-account-page-where-the-current-one-is-asked-for- = Das sind Sie selbst: Ändern Sie Ihr Passwort in Ihrem Konto, wo nach dem jetzigen gefragt wird.
a-service-account-has-no-password-leave-this-field-empty- = Ein Dienstkonto hat kein Passwort: Lassen Sie dieses Feld leer.
enter-a-password-or-make-it-a-service-account- = Geben Sie ein Passwort ein, oder machen Sie ein Dienstkonto daraus.

# Applications

what-people-can-sign-in-to-with-their-account-here-and-what-gets-tokens-of-its-own- = Wo man sich mit dem hiesigen Konto anmelden kann, und was eigene Tokens bekommt.
register-application = Anwendung registrieren
no-application-among-those-that-were-looked-through-fits- = Im durchsuchten Teil der Liste passt keine Anwendung.
no-application-fits-take-away-a-part-of-the-search- = Keine Anwendung gefunden. Suchen Sie mit weniger Angaben.
no-applications-yet = Noch keine Anwendungen
register-one-to-let-people-sign-in-to-it-with-their-account-here- = Registrieren Sie eine, damit man sich dort mit dem hiesigen Konto anmelden kann.
public = Öffentlich
confidential = Vertraulich
edit = Bearbeiten
edit-name = { $name } bearbeiten
the-new-secret-of-name = Das neue Geheimnis von { $name }
name-is-registered = { $name } ist registriert
copy-the-secret-into-the-application-now-it-is-shown-this-once- = Kopieren Sie das Geheimnis jetzt in die Anwendung. Es wird nur dieses eine Mal angezeigt.
client-secret = Client-Geheimnis
registration = Registrierung
authentication = Authentifizierung
redirect-uris = Redirect-URIs
gets-tokens-by = Bekommt Tokens durch
not-refusable = Erforderlich
roles-of-its-own = Eigene Rollen
public-keys = Öffentliche Schlüssel
must = Vorgeschrieben
pkce = PKCE
required = Erforderlich
accepted = Möglich
consent = Zustimmung
skipped-trusted = Entfällt: vertrauenswürdig
people-are-asked = Benutzer werden gefragt
registered = Registriert
by-itself = durch sich selbst
in-its-registration = In der Registrierung
pushes-its-authorization-requests-par- = Reicht ihre Autorisierungsanfragen vorab ein (PAR)
signs-its-authorization-requests = Signiert ihre Autorisierungsanfragen
proves-possession-of-a-key-for-each-token-dpop- = Weist für jedes Token den Besitz eines Schlüssels nach (DPoP)
asks-everybody-for-a-second-factor = Verlangt von allen einen zweiten Faktor
a-new-secret-replaces-the-one-in-use- = Ein neues Geheimnis ersetzt das jetzige.
its-tokens-stop-working-at-once-it-can-be-enabled-again- = Ihre Tokens gelten ab sofort nicht mehr. Sie kann wieder entsperrt werden.
it-works-again-with-the-access-that-people-gave-it- = Sie kann wieder benutzt werden, mit dem Zugriff, den man ihr gegeben hat.
all-its-tokens-stop-working-at-once-and-it-has-to-ask-everybody-again- = Alle ihre Tokens gelten ab sofort nicht mehr, und sie muss alle erneut um Erlaubnis bitten.
its-registration-its-tokens-and-all-access-that-people-gave-it-go-for-good- = Ihre Registrierung, ihre Tokens und alle Freigaben für sie werden endgültig gelöscht.
disable-the-application-name- = Die Anwendung { $name } sperren?
delete-the-application-name- = Die Anwendung { $name } löschen?
end-all-access-of-name- = { $name } allen Zugriff entziehen?
disable-application = Anwendung sperren
delete-application = Anwendung löschen
its-tokens-stop-working-at-once-and-it-can-t-ask-for-new-ones- = Ihre Tokens gelten ab sofort nicht mehr, und sie bekommt keine neuen.
it-can-be-enabled-again-with-the-access-that-people-gave-it- = Sie kann wieder entsperrt werden und hat dann den Zugriff, den man ihr gegeben hat.
all-its-tokens-stop-working-at-once-whosever-they-are- = Alle ihre Tokens gelten ab sofort nicht mehr, für welchen Benutzer auch immer.
what-people-let-it-do-is-taken-back-it-has-to-ask-each-of-them-again- = Alle Freigaben werden zurückgenommen; sie muss jeden Benutzer erneut um Erlaubnis bitten.
it-stays-registered-with-its-secret-rotate-that-too-if-it-may-have-leaked- = Sie bleibt registriert und behält ihr Geheimnis. Erneuern Sie auch das, wenn es in falsche Hände geraten sein könnte.
the-present-secret-stops-working-at-once-the-application-can-t-get-tokens-until-it-has-the-new-one- = Das jetzige Geheimnis gilt ab sofort nicht mehr: Die Anwendung bekommt erst wieder Tokens, wenn sie das neue hat.
people-who-let-it-in-stay-connected- = Wer sie zugelassen hat, bleibt verbunden.
the-new-secret-is-shown-once-on-the-next-page- = Das neue Geheimnis wird einmal angezeigt, auf der nächsten Seite.
count-people-let-it-use-their-account-what-they-granted-is-deleted-with-it- = { $count ->
    [one] Eine Person hat ihr Zugriff auf ihr Konto gegeben; diese Freigabe wird mitgelöscht.
   *[other] { $count } Personen haben ihr Zugriff auf ihr Konto gegeben; diese Freigaben werden mitgelöscht.
}

# The form of an application

people-see-it-when-the-application-asks-for-access- = Benutzer sehen ihn, wenn die Anwendung um Zugriff bittet.
one-a-line-exactly-as-the-application-sends-them-https-or-http-on-127-0-0-1-with-any-port- = Eine pro Zeile, genau wie die Anwendung sie sendet. https, oder http auf 127.0.0.1 mit beliebigem Port.
how-it-authenticates = Wie sie sich ausweist
how-it-gets-tokens = Wie sie Tokens bekommt
scopes-it-may-ask-for = Berechtigungen, um die sie bitten darf
more-pkce-keys-consent-colour-sign-out-roles = Mehr: PKCE, Schlüssel, Zustimmung, Farbe, Abmeldung, Rollen
colour = Farbe
of-links-and-buttons-where-people-sign-in-to-it-rrggbb-dark-enough-to-be-read-on-white-in-the-dark-it-is-made-lighter- = Von Links und Knöpfen, wo man sich für sie anmeldet: #rrggbb, dunkel genug, um auf Weiß lesbar zu sein. Im Dunkeln wird sie aufgehellt.
write-the-colour-as-rrggbb-such-as-1d3f8a- = Schreiben Sie die Farbe als #rrggbb, etwa #1d3f8a.
this-could-not-be-read-its-contrast-to-white-is-contrast-not-needed-take-a-darker-colour- = Das wäre nicht lesbar: Der Kontrast zu Weiß ist { $contrast } statt { $needed }. Nehmen Sie eine dunklere Farbe.
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
scopes-that-can-t-be-refused = Erforderliche Berechtigungen
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
it-stays-connected-without-asking-again = Sie bleibt verbunden, ohne erneut um Erlaubnis zu bitten
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
a-redirect-uri-is-of-use-only-with-the-grant-type-authorization-code- = Eine Redirect-URI nützt nur mit dem Grant-Typ „Autorisierungscode“.
a-client-with-the-grant-type-implicit-can-have-https-redirect-uris-only- = Eine Anwendung mit dem Grant-Typ „Implizit“ kann nur https-Redirect-URIs haben.
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
jwks-is-refused-the-key-set-is-longer-than-16384-bytes- = Diese öffentlichen Schlüssel sind länger als 16384 Bytes.
jwks-is-refused-the-key-set-is-not-well-formed-json- = Diese öffentlichen Schlüssel sind kein wohlgeformtes JSON.
jwks-is-refused-the-key-set-names-a-member-twice- = Diese öffentlichen Schlüssel nennen ein Feld zweimal.
jwks-is-refused-the-key-set-is-not-a-json-object- = Diese öffentlichen Schlüssel sind kein JSON-Objekt.
jwks-is-refused-the-key-set-has-no-list-keys-rfc-7517- = Diese öffentlichen Schlüssel haben keine Liste "keys" (RFC 7517).
jwks-is-refused-the-key-set-has-more-than-20-keys- = Das sind mehr als 20 öffentliche Schlüssel.
jwks-is-refused-two-keys-of-the-set-have-the-same-kid- = Zwei der öffentlichen Schlüssel haben dieselbe kid.
jwks-is-refused-the-key-set-has-no-key-for-signatures- = Unter diesen öffentlichen Schlüsseln ist keiner für Signaturen.
only-a-client-that-an-administrator-registered-can-act-in-its-own-name-client-credentials- = Nur eine von einem Administrator registrierte Anwendung kann in eigenem Namen handeln (client_credentials).
only-a-client-that-an-administrator-registered-can-act-as-a-service-account-jwt-bearer- = Nur eine von einem Administrator registrierte Anwendung kann als Dienstkonto handeln (jwt-bearer).
only-a-client-that-an-administrator-registered-can-be-trusted- = Nur eine von einem Administrator registrierte Anwendung kann vertrauenswürdig sein.
only-a-client-that-an-administrator-registered-can-have-roles-or-be-a-resource- = Nur eine von einem Administrator registrierte Anwendung kann Rollen haben oder eine Ressource sein.
only-a-client-that-an-administrator-registered-can-have-some-of-these-scopes- = Einige dieser Berechtigungen kann nur eine von einem Administrator registrierte Anwendung haben.

# API keys, sessions, grants

everybody-s-keys-for-scripts-and-tools-a-key-is-made-on-its-user-s-page- = Die Schlüssel aller Benutzer für Skripte und Werkzeuge. Ein Schlüssel wird auf der Seite seines Benutzers erstellt.
there-are-no-api-keys-yet- = Es gibt noch keine API-Schlüssel.
of = von
who-is-signed-in-and-from-where- = Wer angemeldet ist, und von wo.
nobody-is-signed-in- = Niemand ist angemeldet.
what-people-let-applications-do-in-their-name- = Was Benutzer Anwendungen in ihrem Namen erlaubt haben.
nobody-has-let-an-application-in-yet- = Noch niemand hat einer Anwendung Zugriff gegeben.
by = durch
until-it-is-taken-back = Bis sie zurückgenommen wird

# Audit

who-did-what-to-what-newest-first-entries-are-never-changed-and-never-hold-a-secret- = Wer was womit getan hat, das Neueste zuerst. Einträge werden nie geändert und enthalten nie ein Geheimnis.
what-was-done = Was geschah
by-whom = Durch wen
to-what = Woran
a-user-name-or-an-id-as-below = Ein Benutzername oder eine ID wie unten
from-this-day-on = Ab diesem Tag
up-to-this-day = Bis zu diesem Tag
days-are-those-of-utc = Tage zählen nach UTC
anything = Alles
nothing-else = Nichts weiter
or-this-was-done = Oder dies
this-is-not-a-day-write-it-as-2026-11-24- = Das ist kein Tag: Schreiben Sie ihn wie 2026-11-24.
nothing-was-done-that-fits-take-away-a-part-of-the-search- = Kein Eintrag passt. Suchen Sie mit weniger Angaben.
nothing-was-done-yet- = Noch ist nichts geschehen.
to = betrifft
credential = Zugangsdaten
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
a-person-removed-their-password-passkeys-alone-let-them-in- = Eine Person hat ihr Passwort entfernt: Nur Passkeys lassen sie hinein.
a-passkey-got-another-name- = Ein Passkey hat einen anderen Namen bekommen.
a-user-s-password-was-changed- = Das Passwort eines Benutzers wurde geändert.
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
an-api-key-got-another-name-or-was-enabled-or-disabled- = Ein API-Schlüssel wurde umbenannt, entsperrt oder gesperrt.
a-signing-key-was-made-that-will-take-the-place-of-another- = Ein Signaturschlüssel wurde erstellt, der einen anderen ablösen wird.
a-key-was-brought-here-from-elsewhere- = Ein Schlüssel wurde von anderswo importiert.
somebody-tried-a-decoy- = Jemand hat einen Köder benutzt.
a-secret-was-found-where-it-should-not-be-and-was-put-out-of-use- = Ein Geheimnis wurde gefunden, wo es nicht sein sollte, und außer Kraft gesetzt.
a-session-was-ended-from-elsewhere- = Eine Sitzung wurde von anderswo beendet.
a-user-let-a-client-in- = Ein Benutzer hat einer Anwendung Zugriff gegeben.
a-user-turned-a-client-away- = Ein Benutzer hat einer Anwendung den Zugriff verweigert.
a-grant-was-taken-back- = Eine Freigabe wurde zurückgenommen.
a-client-put-one-of-its-tokens-out-of-use-rfc-7009- = Eine Anwendung hat eines ihrer Tokens außer Kraft gesetzt (RFC 7009).
a-client-used-one-code-challenge-twice-which-protects-it-from-nobody-who-saw-the-first-rfc-9700-2-1-1- = Eine Anwendung hat eine Code-Challenge zweimal benutzt; das schützt sie vor niemandem, der die erste gesehen hat (RFC 9700 §2.1.1).
a-code-was-used-again-its-tokens-were-ended- = Ein Code wurde noch einmal benutzt; seine Tokens wurden beendet.
a-refresh-token-was-used-again-its-family-was-ended- = Ein Refresh-Token wurde noch einmal benutzt; alle daraus entstandenen Tokens wurden beendet.

# Import

users-with-their-api-keys-and-applications-of-a-frappe-site-and-keys-from-anywhere-it-is-all-or-nothing-and-a-second-time-nothing-changes- = Benutzer mit ihren API-Schlüsseln und Anwendungen einer Frappe-Site, und Schlüssel von überall her. Es gilt alles oder nichts, und beim zweiten Mal ändert sich nichts.
what-you-sent-is-not-shown-again-for-it-holds-secrets-paste-it-once-more-to-go-on- = Was Sie gesendet haben, wird nicht wieder angezeigt, denn es enthält Geheimnisse. Fügen Sie es noch einmal ein, um fortzufahren.
what-to-bring-here = Was importiert wird
together-the-fields-take-64-kib-as-a-browser-sends-them-about-30-kb-of-json-larger-files-go-by-the-command-line- = Zusammen fassen die Felder 64 KiB, wie ein Browser sie sendet, etwa 30 kB JSON. Für größere Dateien nehmen Sie die Kommandozeile:
what-you-paste-is-never-shown-again-whatever-comes-of-it- = Was Sie einfügen, wird in keinem Fall wieder angezeigt.
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
record-number-problem = Datensatz { $number }: { $problem }
line-number-problem = Zeile { $number }: { $problem }
there-is-no-such-user = diesen Benutzer gibt es nicht
user-is-missing-the-name-or-e-mail-address-of-its-user = user fehlt: der Name oder die E-Mail-Adresse seines Benutzers
sha256-is-missing-the-sha-256-of-its-secret-in-hex-or-base64 = sha256 fehlt: das SHA-256 seines Geheimnisses, hexadezimal oder in Base64
sha256-must-be-32-bytes-as-64-hex-digits-or-in-base64 = sha256 muss 32 Bytes haben, als 64 Hexadezimalziffern oder in Base64
api-key-must-be-visible-ascii-without-a-colon-256-characters-at-most-and-not-begin-with-hp- = api_key muss sichtbares ASCII ohne Doppelpunkt sein, höchstens 256 Zeichen, und darf nicht mit hp_ beginnen
alone-must-be-true-or-false = alone muss true oder false sein
full-access-must-be-true-or-false = full_access muss true oder false sein
expires-at-must-be-unix-seconds = expires_at muss in Unix-Sekunden stehen
without-api-key-its-secret-can-only-stand-alone = ohne api_key kann sein Geheimnis nur allein stehen
scopes-names-one-that-is-not-known-here-make-it-first-hallpass-scope-create- = scopes nennt eine Berechtigung, die es hier nicht gibt; legen Sie sie zuerst an (hallpass scope create)
a-key-needs-full-access-or-at-least-one-scope-and-not-both = ein Schlüssel braucht full_access oder mindestens eine Berechtigung, und nicht beides
roles-names-one-that-its-user-does-not-hold = roles nennt eine Rolle, die sein Benutzer nicht hat
it-has-ended-already = er ist schon abgelaufen
it-has-neither-an-e-mail-address-nor-a-user-name = er hat weder eine E-Mail-Adresse noch einen Benutzernamen
its-api-key-must-be-visible-ascii-without-a-colon-256-characters-at-most-and-not-begin-with-hp- = sein API-Schlüssel muss sichtbares ASCII ohne Doppelpunkt sein, höchstens 256 Zeichen, und darf nicht mit hp_ beginnen
its-api-secret-must-be-12-to-256-characters-of-visible-ascii-and-not-begin-with-hp- = sein API-Geheimnis muss 12 bis 256 Zeichen sichtbares ASCII haben und darf nicht mit hp_ beginnen
its-secret-must-be-8-to-256-characters-of-visible-ascii-and-not-begin-with-hp- = ihr Geheimnis muss 8 bis 256 Zeichen sichtbares ASCII haben und darf nicht mit hp_ beginnen
another-client-has-the-same-secret = eine andere Anwendung hat dasselbe Geheimnis
its-client-id-must-be-visible-ascii-without-a-colon-or-slash-and-not-one-of-ours = ihre client_id muss sichtbares ASCII ohne Doppelpunkt und Schrägstrich sein, und keine von hier
it-has-no-secret-so-each-of-its-requests-needs-a-code-challenge-here-pkce- = Sie hat kein Geheimnis, darum braucht jede ihrer Anfragen hier eine Code-Challenge (PKCE)
the-implicit-grant-is-not-offered-here-it-is-registered-for-authorization-codes = Den Weg Implizit gibt es hier nicht; sie ist für Autorisierungscodes registriert
there-only-some-roles-could-use-it-here-bind-its-scopes-to-roles-hallpass-scope-create-role- = Dort konnten nur manche Rollen sie benutzen; binden Sie hier ihre Berechtigungen an Rollen (hallpass scope create --role)
people-are-asked-for-consent-though-they-were-not-there-anybody-can-claim-its-address = Benutzer werden um Zustimmung gebeten, obwohl sie es dort nicht wurden: Jeder kann ihre Adresse für sich beanspruchen
the-export-does-not-show-its-secret-make-one-with-hallpass-client-rotate-secret = Der Export zeigt ihr Geheimnis nicht: Erstellen Sie eines mit hallpass client rotate-secret
one-of-its-scopes-is-left-out-it-has-a-character-that-no-scope-can-have = Eine ihrer Berechtigungen fällt weg: Sie hat ein Zeichen, das keine haben kann

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
is-one-of-those-that-are-guessed-first-use-one-that-nobody-else-uses = gehört zu denen, die zuerst erraten werden: Nehmen Sie eines, das sonst niemand benutzt
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
is-plain-http-use-https-http-is-for-127-0-0-1-1-and-localhost-alone- = beginnt mit http statt https: Nehmen Sie https (http ist nur für 127.0.0.1, [::1] und localhost)
has-a-scheme-that-browsers-open-themselves-use-https-or-a-scheme-of-the-application-s-own = hat ein Schema, das Browser selbst öffnen: Nehmen Sie https oder ein eigenes Schema der Anwendung
has-a-scheme-that-is-not-a-reversed-domain-name-such-as-com-example-app-rfc-8252-section-7-1- = hat ein Schema, das kein umgekehrter Domainname wie com.example.app ist (RFC 8252, Abschnitt 7.1)
has-its-scheme-in-capital-letters-write-https-or-http = hat das Schema in Großbuchstaben: Schreiben Sie https oder http
has-or-between-the-slashes-of-its-path-which-browsers-would-take-out = hat . oder .. zwischen den Schrägstrichen des Pfads, was Browser entfernen würden
the-authentication-method-must-be-one-of-known- = Die Art, sich auszuweisen, muss eine von diesen sein: { $known }.
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

## Second factors, roles, scopes, resources, refusals

sign-in-with-a-passkey = Mit einem Passkey anmelden
second-factor = Zweiter Faktor
your-password-is-right-show-once-more-that-it-is-you- = Ihr Passwort stimmt. Zeigen Sie noch einmal, dass Sie es sind.
use-your-passkey = Passkey benutzen
your-passkey-needs-javascript-which-is-off-in-this-browser-enter-a-code-instead- = Ihr Passkey braucht JavaScript, und das ist in diesem Browser ausgeschaltet. Geben Sie stattdessen einen Code ein.
start-over = Von vorn beginnen
recovery-code = Wiederherstellungscode
six-digits-from-your-authenticator-app-or-one-of-your-recovery-codes- = Sechs Ziffern aus Ihrer Authenticator-App oder einer Ihrer Wiederherstellungscodes.
one-of-the-codes-that-you-were-shown-with-your-first-second-factor- = Einer der Codes, die Sie mit Ihrem ersten zweiten Faktor bekommen haben.
add-a-passkey = Passkey hinzufügen
your-device-keeps-it-and-shows-it-after-you-have-unlocked-it-as-you-always-do-by-a-finger-your-face-or-a-pin- = Ihr Gerät bewahrt ihn auf und zeigt ihn vor, nachdem Sie es wie immer entsperrt haben: mit dem Finger, dem Gesicht oder einer PIN.
a-passkey-needs-javascript-which-is-off-in-this-browser-an-authenticator-app-does-not- = Ein Passkey braucht JavaScript, und das ist in diesem Browser ausgeschaltet. Eine Authenticator-App braucht es nicht.
a-passkey-needs-javascript-which-is-off-in-this-browser-add-an-authenticator-app-instead- = Ein Passkey braucht JavaScript, und das ist in diesem Browser ausgeschaltet. Fügen Sie stattdessen eine Authenticator-App hinzu.
a-passkey-needs-javascript-and-the-page-s-script-did-not-run-choose-another-way- = Ein Passkey braucht JavaScript, und das Skript der Seite lief nicht. Wählen Sie einen anderen Weg.
that-took-too-long-try-your-passkey-once-more- = Das hat zu lange gedauert. Versuchen Sie Ihren Passkey noch einmal.
this-passkey-was-not-accepted-choose-another-one-or-another-way-to-sign-in- = Dieser Passkey wurde nicht angenommen. Wählen Sie einen anderen oder einen anderen Weg, sich anzumelden.
this-browser-has-no-passkeys-use-another-browser-or-another-way- = Dieser Browser hat keine Passkeys. Nehmen Sie einen anderen Browser oder einen anderen Weg.
this-device-has-a-passkey-for-your-account-already- = Auf diesem Gerät gibt es schon einen Passkey für Ihr Konto.
the-browser-allows-no-passkeys-at-this-address- = Der Browser erlaubt an dieser Adresse keine Passkeys.
no-passkey-was-used-try-once-more-or-use-another-way- = Es wurde kein Passkey benutzt. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.
so-that-you-know-it-when-you-have-several- = Damit Sie ihn erkennen, wenn Sie mehrere haben.
recovery-codes = Wiederherstellungscodes
your-recovery-codes = Ihre Wiederherstellungscodes
each-lets-you-in-once-after-your-password-in-place-of-your-app-or-your-passkey-keep-them-where-you-will-find-them-without-your-phone- = Jeder lässt Sie einmal nach Ihrem Passwort hinein, anstelle Ihrer App oder Ihres Passkeys. Bewahren Sie sie dort auf, wo Sie sie ohne Ihr Telefon finden.
they-are-shown-this-one-time-earlier-codes-no-longer-work- = Sie werden nur dieses eine Mal angezeigt. Frühere Codes gelten nicht mehr.
i-have-kept-them = Ich habe sie aufbewahrt
add-a-second-factor = Zweiten Faktor hinzufügen
add-an-authenticator-app = Authenticator-App hinzufügen
your-password-is-right-and-your-account-must-have-a-second-factor-add-one-to-go-on- = Ihr Passwort stimmt, und Ihr Konto braucht einen zweiten Faktor. Fügen Sie einen hinzu, um fortzufahren.
it-makes-a-new-code-every-30-seconds-which-you-enter-after-your-password- = Sie zeigt alle 30 Sekunden einen neuen Code, den Sie nach Ihrem Passwort eingeben.
scan-this-with-an-authenticator-app-on-your-phone- = Scannen Sie dies mit einer Authenticator-App auf Ihrem Telefon:
scan-this-with-the-app-on-your-phone- = Scannen Sie dies mit der App auf Ihrem Telefon:
qr-code-with-the-secret-below = QR-Code mit dem Geheimnis, das darunter steht
if-the-app-is-on-this-device- = Wenn die App auf diesem Gerät ist:
open-the-app = die App öffnen
or-enter-the-secret-by-hand- = Oder geben Sie das Geheimnis von Hand ein:
secret = Geheimnis
the-six-digits-that-the-app-shows-now-they-prove-that-it-works- = Die sechs Ziffern, die die App gerade zeigt. So ist sicher, dass sie funktioniert.
add-the-app = App hinzufügen
this-is-not-the-code-that-the-app-shows-now-enter-the-next-one- = Das ist nicht der Code, den die App gerade zeigt. Geben Sie den nächsten ein.
this-is-not-a-code-that-is-good-now-enter-the-next-one- = Dieser Code gilt jetzt nicht. Geben Sie den nächsten ein.
enter-the-code- = Geben Sie den Code ein.
authenticator-app = Authenticator-App
an-app-on-your-phone-that-makes-a-new-code-every-30-seconds- = Eine App auf Ihrem Telefon, die alle 30 Sekunden einen neuen Code zeigt.
you-have-no-authenticator-app- = Sie haben keine Authenticator-App.
add-an-app = App hinzufügen
the-authenticator-app = die Authenticator-App
passkeys = Passkeys
a-key-in-your-device-or-your-password-manager-which-you-unlock-by-a-finger-your-face-or-a-pin-it-stands-beside-your-password-or-signs-you-in-alone- = Ein Schlüssel in Ihrem Gerät oder Ihrem Passwort-Manager, den Sie mit dem Finger, dem Gesicht oder einer PIN entsperren. Er ergänzt Ihr Passwort oder meldet Sie allein an.
you-have-no-passkey- = Sie haben keinen Passkey.
added = Hinzugefügt
not-used-yet = Noch nicht benutzt
stays-on-its-device = Bleibt auf seinem Gerät
on-several-devices = Auf mehreren Geräten
remove = Entfernen
with-a-second-factor-nobody-gets-into-your-account-who-knows-nothing-but-your-password- = Mit einem zweiten Faktor kommt niemand in Ihr Konto, der nur Ihr Passwort kennt.
your-account-must-have-one- = Ihr Konto muss einen haben.
each-lets-you-in-once-if-you-have-lost-all-else- = Jeder lässt Sie einmal hinein, wenn Sie alles andere verloren haben.
none-is-left- = Keiner ist übrig.
make-new-codes = Neue Codes erstellen
make-new-recovery-codes- = Neue Wiederherstellungscodes erstellen?
you-get-ten-new-codes-which-are-shown-once- = Sie bekommen zehn neue Codes, die einmal angezeigt werden.
the-codes-that-you-have-now-stop-working- = Die Codes, die Sie jetzt haben, gelten dann nicht mehr.
remove-the-passkey-name- = Den Passkey { $name } entfernen?
rename = Umbenennen
rename-a-passkey = Passkey umbenennen
save-name = Namen speichern
you-have-no-password-your-passkeys-let-you-in-and-one-of-them-has-to-stay- = Sie haben kein Passwort: Ihre Passkeys lassen Sie hinein, und einer davon muss bleiben.
you-have-no-password-and-no-other-passkey-that-lets-you-in-set-a-password-or-add-a-passkey-first- = Sie haben kein Passwort und keinen anderen Passkey, der Sie hineinlässt; legen Sie zuerst ein Passwort fest, oder fügen Sie einen Passkey hinzu.
you-have-no-password-and-count-passkeys- = { $count ->
    [one] Sie haben kein Passwort und einen Passkey.
   *[other] Sie haben kein Passwort und { $count } Passkeys.
}
remove-the-authenticator-app- = Authenticator-App entfernen?
you-can-t-sign-in-with-it-any-more- = Sie können sich damit nicht mehr anmelden.
it-is-the-last-one-your-password-alone-is-enough-then-and-your-recovery-codes-go-too- = Es ist der letzte: Danach reicht Ihr Passwort allein, und Ihre Wiederherstellungscodes verfallen.
there-can-be-none-here-browsers-keep-passkeys-for-servers-with-a-name-reached-by-https-and-this-one-is-reached-at-address- = Hier kann es keine geben: Browser bewahren Passkeys für Server auf, die einen Namen haben und über https erreicht werden, und dieser wird unter { $address } erreicht.
there-are-count-which-is-the-most-remove-one-to-add-another- = Es sind { $count }, mehr geht nicht. Entfernen Sie einen, um einen anderen hinzuzufügen.
why = Warum
which-check-refused-a-request-newest-first-only-the-newest-are-kept-for-a-week-at-most-and-never-a-secret- = An welcher Prüfung eine Anfrage gescheitert ist, neueste zuerst. Nur die neuesten bleiben, höchstens eine Woche, und nie ein Geheimnis.
look-up = Nachsehen
one-request = Eine Anfrage
it-stands-on-error-pages-in-the-header-x-request-id-and-in-the-log = Sie steht auf Fehlerseiten, in der Kopfzeile X-Request-Id und im Log
its-client-id = Ihre client_id
a-user-name-or-an-id = Ein Benutzername oder eine ID
where = Wo
anywhere = Überall
pages = Seiten
api = API
oauth-endpoints = OAuth-Endpunkte
frappe-s-paths = Frappe-Pfade
the-check-for-proxies = Die Prüfung für Proxys
metadata-and-health = Metadaten und Zustand
none-are-kept-log-refusals-kept-is-0- = Es werden keine aufbewahrt: log.refusals_kept ist 0.
nothing-was-refused-that-fits-take-away-a-part-of-the-search- = Nichts Passendes wurde abgewiesen. Suchen Sie mit weniger Angaben.
nothing-was-refused-yet- = Noch wurde nichts abgewiesen.
failed-at- = Gescheitert an:
there-came- = Gesendet wurde:
this-is-no-request-s-id-it-has-32-digits-and-letters-from-a-to-f- = Das ist keine ID einer Anfrage: Sie hat 32 Ziffern und Buchstaben von a bis f.
nothing-is-known-of-a-refused-request-with-this-id-it-is-of-another-server-was-not-refused-by-a-check-is-more-than-a-week-old-or-made-way-for-newer-ones- = Von einer abgewiesenen Anfrage mit dieser ID ist nichts bekannt: Sie gehört zu einem anderen Server, ist an keiner Prüfung gescheitert, ist über eine Woche alt oder hat neueren Platz gemacht.
why-a-request-was-refused = Warum eine Anfrage abgewiesen wurde
why-it-was-refused = Warum sie abgewiesen wurde
the-request = Die Anfrage
when = Wann
answer = Antwort
route = Route
from = Von
not-known = Nicht bekannt
the-checks-in-their-order = Die Prüfungen der Reihe nach
held = Bestanden
not-reached = Nicht erreicht
expected = Erwartet
came = Gesendet
resources = Ressourcen
what-users-applications-and-keys-may-be-services-let-in-by-them- = Was Benutzer, Anwendungen und Schlüssel sein können: Danach entscheiden Dienste, wen sie zulassen.
what-applications-and-keys-may-do-people-read-the-sentence-of-each-when-they-are-asked- = Was Anwendungen und Schlüssel dürfen. Den Satz dazu liest, wer um Zustimmung gebeten wird.
the-apis-that-a-token-can-be-meant-for-a-token-for-one-is-refused-by-all-others- = Die APIs, für die ein Token gedacht sein kann. Ein Token für die eine weisen alle anderen ab.
what-users-and-applications-may-be- = Was Benutzer und Anwendungen sein können.
new-role = Neue Rolle
new-scope = Neue Berechtigung
new-resource = Neue Ressource
delete-the-role-name- = Die Rolle { $name } löschen?
delete-the-scope-name- = Die Berechtigung { $name } löschen?
delete-the-resource-name- = Die Ressource { $name } löschen?
whoever-holds-it-holds-it-no-more-from-the-next-request-on- = Wer sie hat, hat sie ab der nächsten Anfrage nicht mehr.
no-token-and-no-key-has-it-any-more-from-the-next-request-on- = Ab der nächsten Anfrage hat sie kein Token und kein Schlüssel mehr.
no-token-can-be-meant-for-it-any-more-those-that-are-go-on-until-they-end- = Kein Token kann mehr für sie gedacht sein. Bestehende gelten bis zu ihrem Ende.
delete-role = Rolle löschen
delete-scope = Berechtigung löschen
delete-resource = Ressource löschen
there-are-none-yet- = Es gibt noch keine.
built-in = Vorgegeben
only-for = Nur für
only-with = Nur mit
what-it-is-for = Wofür sie da ist
sentence = Satz
uri = URI
letters-digits-spaces-and-it-can-t-be-changed-later- = Buchstaben, Ziffern, Leerzeichen und . _ : - Er lässt sich später nicht ändern.
without-spaces-such-as-invoices-read-it-can-t-be-changed-later- = Ohne Leerzeichen, zum Beispiel invoices:read. Er lässt sich später nicht ändern.
what-people-read-when-an-application-asks-for-it-read-your-invoices = Was man liest, wenn eine Anwendung sie anfordert, zum Beispiel: Ihre Rechnungen lesen
the-address-of-the-api-such-as-https-api-example-org-it-can-t-be-changed-later- = Die Adresse der API, zum Beispiel https://api.example.org. Sie lässt sich später nicht ändern.
what-people-read- = So heißt sie für alle, die davon lesen.
it-can-t-be-changed-later- = Das lässt sich später nicht ändern.
only-for-these-roles = Nur für diese Rollen
where-none-is-ticked-everybody-can-let-an-application-have-it- = Ist keine gewählt, kann jeder sie einer Anwendung geben.
the-only-scopes-that-a-token-for-it-can-have = Die einzigen Berechtigungen, die ein Token dafür haben kann
where-none-is-ticked-any-those-that-say-who-somebody-is-can-always-be-had- = Ist keine gewählt, sind es alle. Solche, die sagen, wer jemand ist, sind immer möglich.
whoever-holds-the-role-needs-one-to-sign-in-sessions-that-are-there-go-on-until-they-end- = Wer die Rolle hat, braucht zum Anmelden einen. Bestehende Sitzungen laufen bis zu ihrem Ende weiter.
whoever-holds-the-role-needs-one-to-sign-in- = Wer die Rolle hat, braucht zum Anmelden einen.
it-is-there-now- = Das ist jetzt angelegt.
it-is-deleted- = Das ist gelöscht.
there-is-a-role-name-already- = Es gibt schon eine Rolle { $name }.
there-is-a-scope-name-already- = Es gibt schon eine Berechtigung { $name }.
there-is-a-resource-uri-already- = Es gibt schon eine Ressource { $uri }.
the-role-name-is-built-in-and-stays- = Die Rolle { $name } ist vorgegeben und bleibt.
the-scope-name-is-built-in-and-stays- = Die Berechtigung { $name } ist vorgegeben und bleibt.
a-scope-is-bound-to-the-role-name-delete-that-scope-first- = An die Rolle { $name } ist eine Berechtigung gebunden; löschen Sie zuerst diese.
the-description-problem- = Die Beschreibung { $problem }.
a-role-problem- = Eine Rolle { $problem }.
this-is-no-name-of-a-scope-problem- = Das ist kein Name einer Berechtigung: { $problem }.
scope-is-empty-name-at-least-one-scope-or-leave-the-parameter-out = Er ist leer
scope-has-a-space-at-its-beginning-or-end-or-two-in-a-row-put-exactly-one-between-two-names = Er hat am Anfang oder am Ende ein Leerzeichen, oder zwei hintereinander
scope-has-a-character-that-is-not-allowed-a-name-is-made-of-printable-ascii-without-quotation-mark-and-backslash = Er hat ein Zeichen, das nicht erlaubt ist; erlaubt ist druckbares ASCII ohne Leerzeichen, Anführungszeichen und Backslash
scope-has-a-name-of-more-than-100-characters = Er hat mehr als 100 Zeichen
scope-is-longer-than-4000-bytes = Er ist länger als 4000 Bytes
one-of-these-is-no-scope- = Eines davon ist keine Berechtigung.
this-uri-can-t-be-taken-problem- = Diese URI geht nicht: { $problem }.
the-resource-s-uri-is-longer-than-500-bytes = Sie ist länger als 500 Bytes
the-resource-s-uri-is-not-absolute-it-begins-with-a-scheme-as-in-https-api-example-com- = Sie ist nicht absolut; am Anfang steht ein Schema, wie in https://api.example.com/
the-resource-s-uri-has-a-fragment-which-rfc-8707-does-not-allow = Sie hat ein Fragment (#), das RFC 8707 nicht erlaubt
the-resource-s-uri-has-characters-that-no-uri-has = Sie hat Zeichen, die in keiner URI stehen dürfen
the-resource-s-uri-has-a-user-name-or-password-in-it = Sie enthält einen Benutzernamen oder ein Passwort
count-are-left- = { $count ->
    [one] Einer ist übrig.
   *[other] { $count } sind übrig.
}
you-have-an-authenticator-app-and-count-passkeys- = { $count ->
    [one] Sie haben eine Authenticator-App und einen Passkey.
   *[other] Sie haben eine Authenticator-App und { $count } Passkeys.
}
you-have-count-passkeys- = { $count ->
    [one] Sie haben einen Passkey.
   *[other] Sie haben { $count } Passkeys.
}
a-passkey-was-refused-that-somebody-wanted-to-sign-in-with- = Ein Passkey, mit dem sich jemand anmelden wollte, wurde abgewiesen.
a-passkey-was-refused-for-its-count-of-signatures-had-gone-back-there-may-be-a-copy-of-it- = Ein Passkey wurde abgewiesen, weil sein Zähler zurückging: Vielleicht gibt es eine Kopie.
a-passkey-was-used-to-sign-in- = Ein Passkey wurde zur Anmeldung benutzt.
a-passkey-of-yours-was-refused-at-sign-in- = Ein Passkey von Ihnen wurde bei der Anmeldung abgewiesen.
a-passkey-of-yours-was-refused-its-count-went-back-so-there-may-be-a-copy-of-it- = Ein Passkey von Ihnen wurde abgewiesen: Sein Zähler ging zurück, vielleicht gibt es eine Kopie.

## The checks that refuse a request, and what to do about each

what-is-asked-for-is-offered-here = Das Gewünschte wird hier angeboten
an-administrator-does-it-in-their-place-or-switches-it-on-in-the-configuration- = Ein Administrator tut es stattdessen, oder schaltet es in der Konfiguration ein.
the-request-can-be-read = Die Anfrage lässt sich lesen
send-what-the-message-names-the-metadata-and-the-api-description-have-each-parameter-and-member- = Senden Sie, was die Meldung nennt; alle Parameter und Felder stehen in den Metadaten und in der Beschreibung der API.
not-too-many-attempts-failed-before = Zuvor sind nicht zu viele Versuche fehlgeschlagen
wait-as-long-as-retry-after-says-the-section-limits-of-the-configuration-has-the-numbers- = Warten Sie so lange, wie Retry-After sagt; die Zahlen stehen im Abschnitt limits der Konfiguration.
what-it-is-about-is-there-and-within-reach-of-who-asks = Das Gesuchte gibt es, und wer fragt, hat Zugriff darauf
look-whether-the-id-is-right-and-whether-the-record-is-one-s-own-or-the-caller-an-administrator- = Prüfen Sie, ob die ID stimmt, und ob der Datensatz dem gehört, der fragt, oder dieser Administrator ist.
it-contradicts-nothing-that-is-there = Es widerspricht nichts, was schon da ist
read-the-record-once-more-and-change-what-stands-in-the-way- = Lesen Sie den Datensatz noch einmal, und ändern Sie, was im Weg steht.
who-asks-may-do-just-this = Wer fragt, darf genau das
ask-with-a-credential-that-may-or-have-an-administrator-do-it- = Fragen Sie mit Zugangsdaten, die das dürfen, oder lassen Sie es einen Administrator tun.
the-server-and-its-database-work = Der Server und seine Datenbank funktionieren
look-for-this-id-in-the-server-s-log-and-at-the-database-try-again-in-a-moment- = Suchen Sie diese ID im Log des Servers, und sehen Sie nach der Datenbank; versuchen Sie es gleich noch einmal.
the-form-was-sent-from-one-of-the-server-s-own-pages = Das Formular kam von einer Seite dieses Servers
open-the-page-at-the-issuer-s-address-itself-a-proxy-must-pass-origin-and-sec-fetch-site-on- = Öffnen Sie die Seite unter genau der Adresse, die issuer nennt; ein Proxy muss Origin und Sec-Fetch-Site weitergeben.
the-form-carries-the-token-of-its-session = Das Formular enthält das Sicherheitstoken seiner Sitzung
reload-the-page-and-send-the-form-again-a-script-sends-the-token-in-x-csrf-token-or-uses-an-api-key- = Laden Sie die Seite neu, und senden Sie das Formular noch einmal; ein Skript sendet das Token in X-CSRF-Token oder benutzt einen API-Schlüssel.
the-way-back-from-sign-in-is-good = Der Rückweg von der Anmeldung gilt
open-the-page-once-more-a-ticket-is-good-once-for-a-short-time-on-the-host-that-it-was-made-for- = Öffnen Sie die Seite noch einmal; ein Rückweg gilt einmal, für kurze Zeit, auf dem Host, für den er gemacht ist.
a-credential-was-sent = Es wurden Zugangsdaten gesendet
send-an-api-key-or-access-token-in-the-header-authorization-or-sign-in- = Senden Sie einen API-Schlüssel oder ein Access-Token in der Kopfzeile Authorization, oder melden Sie sich an.
there-is-one-authorization-header-of-a-known-form-and-its-secret-is-whole = Es gibt genau eine Kopfzeile Authorization in bekannter Form, und ihr Geheimnis ist vollständig
send-token-key-secret-basic-bearer-or-dpop-with-the-secret-as-it-was-shown-to-its-last-character- = Senden Sie `token KEY:SECRET`, `Basic`, `Bearer` oder `DPoP`, mit dem Geheimnis, wie es angezeigt wurde, bis zum letzten Zeichen.
the-session-is-known = Die Sitzung ist bekannt
sign-in-again- = Melden Sie sich noch einmal an.
the-session-has-not-ended = Die Sitzung ist nicht beendet
sign-in-again-sessions-idle-seconds-and-sessions-lifetime-seconds-say-how-long-one-lasts- = Melden Sie sich noch einmal an; wie lange eine Sitzung dauert, sagen sessions.idle_seconds und sessions.lifetime_seconds.
the-session-s-user-is-enabled = Der Benutzer der Sitzung ist nicht gesperrt
an-administrator-enables-the-user- = Ein Administrator entsperrt den Benutzer.
the-access-token-is-known = Das Access-Token ist bekannt
get-a-new-one-from-the-token-endpoint-look-whether-it-came-from-another-server- = Holen Sie ein neues am Token-Endpunkt; prüfen Sie, ob es von einem anderen Server kam.
the-access-token-was-not-revoked = Das Access-Token wurde nicht widerrufen
get-a-new-one-the-audit-log-says-who-revoked-it- = Holen Sie ein neues; wer es widerrufen hat, steht im Protokoll.
the-access-token-has-not-expired = Das Access-Token ist nicht abgelaufen
refresh-it-tokens-access-token-lifetime-seconds-says-how-long-one-lives- = Holen Sie mit dem Refresh-Token ein neues; wie lange eines gilt, sagt tokens.access_token_lifetime_seconds.
the-token-s-application-is-enabled = Die Anwendung des Tokens ist nicht gesperrt
an-administrator-enables-the-application- = Ein Administrator entsperrt die Anwendung.
what-the-token-came-of-still-holds = Das, woraus das Token entstanden ist, gilt noch
sign-in-at-the-application-again-the-audit-log-says-who-ended-its-access- = Melden Sie sich in der Anwendung noch einmal an; wer ihr den Zugriff entzogen hat, steht im Protokoll.
the-token-s-user-is-enabled = Der Benutzer des Tokens ist nicht gesperrt
the-access-token-is-meant-for-this-api = Das Access-Token ist für diese API gedacht
ask-for-a-token-with-the-right-resource-rfc-8707-or-register-the-api-as-one- = Fordern Sie ein Token mit der richtigen Ressource an (RFC 8707), oder registrieren Sie die API als eine.
the-sender-shows-the-key-that-the-token-is-bound-to-or-the-token-is-bound-to-none = Der Absender weist den Schlüssel nach, an den das Token gebunden ist, oder es ist an keinen gebunden
send-the-scheme-dpop-and-a-fresh-proof-for-exactly-this-method-and-address-signed-with-that-key-rfc-9449- = Senden Sie das Schema DPoP und einen frischen Nachweis für genau diese Methode und Adresse, signiert mit diesem Schlüssel (RFC 9449).
the-api-key-is-known-and-the-secret-is-its-own = Der API-Schlüssel ist bekannt, und das Geheimnis gehört zu ihm
look-whether-key-and-secret-belong-together-and-are-this-server-s-rotate-the-key-if-its-secret-is-lost- = Prüfen Sie, ob Schlüssel und Geheimnis zusammengehören und von diesem Server sind; erneuern Sie den Schlüssel, wenn sein Geheimnis verloren ist.
the-api-key-was-not-revoked = Der API-Schlüssel wurde nicht widerrufen
make-a-new-key-the-audit-log-says-who-revoked-it- = Erstellen Sie einen neuen Schlüssel; wer den alten widerrufen hat, steht im Protokoll.
the-api-key-is-no-decoy = Der API-Schlüssel ist kein Köder
somebody-uses-a-secret-that-was-left-out-for-thieves-find-out-where-they-read-it- = Jemand benutzt ein Geheimnis, das für Diebe hinterlegt wurde: Finden Sie heraus, wo er es gelesen hat.
the-api-key-is-enabled = Der API-Schlüssel ist nicht gesperrt
its-user-or-an-administrator-enables-the-key- = Sein Benutzer oder ein Administrator entsperrt den Schlüssel.
the-api-key-has-not-expired = Der API-Schlüssel ist nicht abgelaufen
set-a-later-end-or-make-a-new-key- = Legen Sie ein späteres Ende fest, oder erstellen Sie einen neuen Schlüssel.
this-secret-of-the-api-key-has-not-expired = Dieses Geheimnis des API-Schlüssels ist nicht abgelaufen
use-the-secret-that-took-its-place-when-the-key-was-rotated- = Benutzen Sie das Geheimnis, das es ersetzt hat, als der Schlüssel erneuert wurde.
the-api-key-may-be-used-from-this-address = Der API-Schlüssel darf von dieser Adresse benutzt werden
add-the-address-to-the-key-s-or-have-http-trusted-proxies-name-the-proxy-before-this-server- = Nehmen Sie die Adresse unter die des Schlüssels auf, oder nennen Sie in http.trusted_proxies den Proxy vor diesem Server.
the-api-key-s-user-is-enabled = Der Benutzer des API-Schlüssels ist nicht gesperrt
the-api-key-was-not-used-too-often = Der API-Schlüssel wurde nicht zu oft benutzt
wait-as-long-as-retry-after-says-or-raise-the-key-s-limits- = Warten Sie so lange, wie Retry-After sagt, oder erhöhen Sie die Limits des Schlüssels.
it-is-a-person-in-a-session-where-one-is-needed = Es ist eine Person in einer Sitzung, wo eine nötig ist
sign-in-with-a-browser-keys-and-tokens-do-not-open-pages- = Melden Sie sich mit einem Browser an; Schlüssel und Tokens öffnen keine Seiten.
it-acts-as-a-user-where-one-is-needed = Es handelt ein Benutzer, wo einer nötig ist
use-a-credential-of-a-user-a-client-in-its-own-name-has-no-records-of-its-own- = Nehmen Sie die Zugangsdaten eines Benutzers; eine Anwendung in eigenem Namen hat keine eigenen Daten.
the-subject-holds-the-role-that-is-needed = Benutzer oder Anwendung haben die Rolle, die nötig ist
an-administrator-gives-the-role-to-the-user-or-client-look-whether-the-key-leaves-it-out- = Ein Administrator gibt dem Benutzer oder der Anwendung die Rolle; prüfen Sie, ob der Schlüssel sie auslässt.
the-credential-has-the-scope-that-is-needed = Die Zugangsdaten haben die Berechtigung, die nötig ist
ask-for-the-scope-or-give-it-to-the-key-a-scope-that-is-bound-to-a-role-needs-that-role-too- = Fordern Sie die Berechtigung an, oder geben Sie sie dem Schlüssel; ist sie an eine Rolle gebunden, braucht es auch diese.
there-is-a-user-of-this-name-or-address = Es gibt einen Benutzer mit diesem Namen oder dieser Adresse
look-how-the-name-is-written-the-name-that-was-typed-is-not-kept-for-it-may-be-a-password- = Prüfen Sie, wie der Name geschrieben ist; der eingegebene wird nicht aufbewahrt, denn er kann ein Passwort sein.
the-user-is-enabled = Der Benutzer ist nicht gesperrt
the-user-has-a-password = Der Benutzer hat ein Passwort
set-one-a-service-account-has-none-and-cannot-sign-in- = Legen Sie eines fest; ein Dienstkonto hat keines und kann sich nicht anmelden.
the-password-is-right = Das Passwort ist richtig
set-a-new-one-if-it-is-forgotten- = Legen Sie ein neues fest, wenn es vergessen ist.
the-second-factor-is-good-now = Der zweite Faktor gilt jetzt
enter-the-code-that-the-app-shows-now-and-look-whether-the-phone-s-clock-is-right-or-use-a-recovery-code- = Geben Sie den Code ein, den die App gerade zeigt, und prüfen Sie, ob die Uhr des Telefons richtig geht; oder benutzen Sie einen Wiederherstellungscode.
the-passkey-is-known-and-signed-what-this-page-asked = Der Passkey ist bekannt und hat signiert, was diese Seite verlangt hat
pick-the-passkey-of-this-account-on-this-server-whoever-has-lost-it-signs-in-another-way-or-has-their-factors-reset- = Wählen Sie den Passkey dieses Kontos auf diesem Server; wer ihn verloren hat, meldet sich anders an oder lässt seine zweiten Faktoren zurücksetzen.
the-password-was-given-a-moment-ago-in-this-browser = Das Passwort wurde gerade eben eingegeben, in diesem Browser
begin-the-sign-in-again- = Beginnen Sie die Anmeldung von vorn.
the-client-says-who-it-is = Die Anwendung sagt, wer sie ist
send-http-basic-client-id-with-client-secret-or-client-assertion- = Senden Sie HTTP Basic, client_id mit client_secret, oder client_assertion.
the-client-authenticates-in-one-way-alone = Die Anwendung weist sich auf eine einzige Art aus
leave-one-of-the-two-out-rfc-6749-2-3- = Lassen Sie eine der beiden weg (RFC 6749 §2.3).
the-client-is-registered-here-and-enabled = Die Anwendung ist hier registriert und nicht gesperrt
look-whether-client-id-is-right-and-of-this-server-and-whether-the-application-is-enabled- = Prüfen Sie, ob client_id stimmt und von diesem Server ist, und ob die Anwendung gesperrt ist.
the-client-authenticates-as-it-is-registered = Die Anwendung weist sich so aus, wie sie registriert ist
use-the-method-that-the-application-is-registered-for-or-change-token-endpoint-auth-method- = Nehmen Sie die Art, für die die Anwendung registriert ist, oder ändern Sie token_endpoint_auth_method.
the-client-s-secret-is-right = Das Geheimnis der Anwendung ist richtig
look-whether-the-secret-is-this-client-s-and-was-not-replaced-rotate-it-if-it-is-lost- = Prüfen Sie, ob das Geheimnis dieser Anwendung gehört und nicht ersetzt wurde; erneuern Sie es, wenn es verloren ist.
the-client-s-secret-stands-where-its-method-has-it = Das Geheimnis der Anwendung steht, wo ihre Art es vorsieht
send-it-by-http-basic-or-register-the-application-for-client-secret-post- = Senden Sie es per HTTP Basic, oder registrieren Sie die Anwendung für client_secret_post.
the-client-s-assertion-is-good = Die Zusicherung der Anwendung gilt
sign-it-with-a-registered-key-for-this-issuer-for-a-short-time-each-with-a-jti-of-its-own-rfc-7523- = Signieren Sie sie mit einem registrierten Schlüssel, für diesen Server, für kurze Zeit, jede mit einer eigenen jti (RFC 7523).
the-dpop-proof-is-good-or-there-is-none = Der DPoP-Nachweis gilt, oder es gibt keinen
make-a-new-proof-for-each-request-for-exactly-this-method-and-public-address-with-the-newest-nonce- = Machen Sie für jede Anfrage einen neuen Nachweis, für genau diese Methode und öffentliche Adresse, mit der neuesten Nonce.
all-parameters-that-are-needed-are-there = Alle nötigen Parameter sind da
send-the-parameter-that-the-message-names- = Senden Sie den Parameter, den die Meldung nennt.
a-client-that-binds-all-its-tokens-proves-a-key = Eine Anwendung, die alle ihre Tokens bindet, weist einen Schlüssel nach
send-a-dpop-proof-with-each-token-request-rfc-9449- = Senden Sie mit jeder Token-Anfrage einen DPoP-Nachweis (RFC 9449).
grant-type-is-one-that-is-known-here = grant_type ist hier bekannt
send-one-of-grant-types-supported- = Senden Sie einen Wert aus grant_types_supported.
the-client-is-registered-for-this-grant-type = Die Anwendung ist für diesen Weg (grant_type) registriert
add-the-grant-type-to-the-application-or-use-another-one- = Geben Sie der Anwendung diesen Weg, oder nehmen Sie einen anderen.
each-resource-that-is-asked-for-is-registered = Jede angeforderte Ressource ist registriert
register-the-resource-or-leave-it-out- = Registrieren Sie die Ressource, oder lassen Sie sie weg.
the-code-is-known-and-was-given-to-this-client = Der Code ist bekannt und wurde dieser Anwendung gegeben
send-the-code-as-it-came-to-the-redirect-uri-with-the-client-id-that-asked-for-it- = Senden Sie den Code, wie er an der Redirect-URI ankam, mit der client_id, die ihn angefordert hat.
redirect-uri-is-that-of-the-authorization-request = redirect_uri ist die der Autorisierungsanfrage
send-the-same-text-in-both-requests- = Senden Sie in beiden Anfragen denselben Text.
code-verifier-belongs-to-the-code-challenge = code_verifier gehört zur code_challenge
keep-the-verifier-for-each-sign-in-by-itself-and-send-its-s256-challenge-first- = Bewahren Sie den Verifier für jede Anmeldung einzeln auf, und senden Sie zuerst seine S256-Challenge.
the-code-was-not-used-before = Der Code wurde noch nicht benutzt
redeem-each-code-once-look-whether-the-application-sends-the-request-twice- = Lösen Sie jeden Code einmal ein; prüfen Sie, ob die Anwendung die Anfrage zweimal sendet.
the-code-has-not-expired = Der Code ist nicht abgelaufen
redeem-it-at-once-tokens-code-lifetime-seconds-says-how-long-one-is-good- = Lösen Sie ihn sofort ein; wie lange einer gilt, sagt tokens.code_lifetime_seconds.
the-proof-is-of-the-key-that-this-is-bound-to = Der Nachweis kommt von dem Schlüssel, an den dies gebunden ist
sign-the-proof-with-the-key-that-the-sign-in-began-with- = Signieren Sie den Nachweis mit dem Schlüssel, mit dem die Anmeldung begann.
the-refresh-token-is-known-and-was-given-to-this-client = Das Refresh-Token ist bekannt und wurde dieser Anwendung gegeben
use-the-newest-refresh-token-with-the-client-that-it-was-given-to-else-sign-in-again- = Nehmen Sie das neueste Refresh-Token, mit der Anwendung, der es gegeben wurde; sonst melden Sie sich noch einmal an.
the-refresh-token-was-not-used-before = Das Refresh-Token wurde noch nicht benutzt
keep-the-new-refresh-token-of-each-answer-two-processes-must-not-refresh-with-one-all-tokens-of-the-sign-in-have-ended- = Behalten Sie das neue Refresh-Token aus jeder Antwort; zwei Prozesse dürfen nicht dasselbe benutzen. Alle Tokens der Anmeldung sind beendet.
the-refresh-token-has-not-expired = Das Refresh-Token ist nicht abgelaufen
sign-in-again-tokens-refresh-token-idle-seconds-says-how-long-one-is-good-unused- = Melden Sie sich noch einmal an; wie lange eines unbenutzt gilt, sagt tokens.refresh_token_idle_seconds.
the-device-code-is-known-and-was-given-to-this-client = Der Gerätecode ist bekannt und wurde dieser Anwendung gegeben
let-the-device-begin-again- = Lassen Sie das Gerät von vorn beginnen.
the-device-code-was-not-used-before = Der Gerätecode wurde noch nicht benutzt
redeem-it-once-let-the-device-begin-again- = Lösen Sie ihn einmal ein; lassen Sie das Gerät von vorn beginnen.
the-device-code-has-not-expired = Der Gerätecode ist nicht abgelaufen
let-the-device-begin-again-and-the-person-be-quicker- = Lassen Sie das Gerät von vorn beginnen, und geben Sie den Code schneller ein.
somebody-has-decided = Jemand hat entschieden
nothing-is-wrong-the-device-asks-again-after-the-interval- = Das ist kein Fehler: Das Gerät fragt nach der vorgegebenen Zeit noch einmal.
the-device-asks-no-faster-than-it-may = Das Gerät fragt nicht schneller, als es darf
wait-five-seconds-longer-between-two-requests-rfc-8628-3-5- = Warten Sie fünf Sekunden länger zwischen zwei Anfragen (RFC 8628 §3.5).
subject-token-is-good-and-this-client-may-exchange-it = subject_token gilt, und diese Anwendung darf es tauschen
send-a-live-token-or-key-that-was-given-to-this-client-or-is-meant-for-it-with-its-right-type-rfc-8693- = Senden Sie ein gültiges Token oder einen gültigen Schlüssel, dieser Anwendung gegeben oder für sie gedacht, mit der richtigen Art (RFC 8693).
actor-token-is-good-and-this-client-s = actor_token gilt und gehört dieser Anwendung
send-a-live-token-of-this-client-with-its-right-type- = Senden Sie ein gültiges Token dieser Anwendung, mit der richtigen Art.
the-assertion-is-about-somebody-whom-this-client-may-act-as = Die Zusicherung nennt jemanden, für den diese Anwendung handeln darf
give-the-application-the-service-account-or-name-another-subject- = Geben Sie der Anwendung das Dienstkonto, oder nennen Sie jemand anderen.
the-tokens-of-this-sign-in-were-not-ended = Die Tokens dieser Anmeldung wurden nicht beendet
sign-in-again-the-audit-log-says-what-ended-them- = Melden Sie sich noch einmal an; was sie beendet hat, steht im Protokoll.
the-user-has-not-taken-the-grant-back-and-its-time-is-not-over = Der Benutzer hat die Freigabe nicht zurückgenommen, und ihre Zeit ist nicht um
sign-in-again-and-allow-the-application-once-more- = Melden Sie sich noch einmal an, und geben Sie der Anwendung wieder Zugriff.
the-scopes-are-written-as-such = Die Berechtigungen sind geschrieben, wie es sein muss
write-them-with-one-space-between-two- = Schreiben Sie sie mit je einem Leerzeichen dazwischen.
the-client-may-have-all-scopes-that-it-asks-for = Die Anwendung darf alle Berechtigungen haben, die sie anfordert
add-the-scopes-to-the-application-or-ask-for-fewer- = Geben Sie der Anwendung die Berechtigungen, oder fordern Sie weniger an.
the-resources-are-among-those-that-were-authorized = Die Ressourcen gehören zu denen, die erlaubt wurden
ask-for-the-resource-when-the-sign-in-begins- = Fordern Sie die Ressource an, wenn die Anmeldung beginnt.
authorization-details-are-good-and-the-client-may-have-them = authorization_details gelten, und die Anwendung darf sie haben
look-at-the-type-s-schema-and-whether-the-application-may-use-it-rfc-9396- = Prüfen Sie das Schema der Art, und ob die Anwendung sie benutzen darf (RFC 9396).
some-scope-is-left-that-client-grant-roles-and-resource-have-in-common = Es bleibt eine Berechtigung, die Anwendung, Freigabe, Rollen und Ressource gemeinsam haben
look-which-of-the-scopes-the-application-still-has-the-user-granted-and-the-user-s-roles-allow- = Prüfen Sie, welche der Berechtigungen die Anwendung noch hat, der Benutzer erlaubt hat und seine Rollen zulassen.
what-the-request-rests-on-is-still-there-and-both-machines-agree-on-it = Worauf die Anfrage beruht, ist noch da, und beide Automaten stimmen überein
begin-again-tell-whoever-works-on-this-server-if-it-stays-so- = Beginnen Sie von vorn; bleibt es so, sagen Sie es denen, die an diesem Server arbeiten.
what-is-presented-for-tokens-is-good = Was für Tokens vorgelegt wird, gilt
begin-again-with-what-came-last- = Beginnen Sie von vorn, mit dem, was zuletzt kam.
the-token-is-of-a-kind-that-can-be-put-out-of-use = Das Token ist von einer Art, die außer Kraft gesetzt werden kann
send-an-access-token-or-a-refresh-token- = Senden Sie ein Access-Token oder ein Refresh-Token.
redirect-uri-is-registered-for-the-client = redirect_uri ist für die Anwendung registriert
register-exactly-the-address-that-the-application-sends-or-have-it-send-the-registered-one- = Registrieren Sie genau die Adresse, die die Anwendung sendet, oder lassen Sie sie die registrierte senden.
request-uri-names-a-pushed-request-that-is-good = request_uri nennt eine vorab eingereichte Anfrage, die gilt
push-the-request-again-and-use-its-reference-once-soon-with-the-same-client-rfc-9126- = Reichen Sie die Anfrage noch einmal ein, und benutzen Sie den Verweis auf sie einmal, bald, mit derselben Anwendung (RFC 9126).
the-request-is-signed-as-the-client-must-or-not-at-all = Die Anfrage ist signiert, wie es für die Anwendung sein muss, oder gar nicht
look-at-the-request-object-s-keys-algorithm-audience-and-times-rfc-9101- = Prüfen Sie Schlüssel, Algorithmus, Empfänger und Zeiten der signierten Anfrage (RFC 9101).
the-request-was-pushed-where-the-client-must = Die Anfrage wurde vorab eingereicht, wo die Anwendung das muss
push-it-to-oauth-par-first-rfc-9126- = Reichen Sie sie zuerst bei /oauth/par ein (RFC 9126).
response-type-is-one-that-the-client-may-ask-for = response_type ist einer, den die Anwendung anfordern darf
send-response-type-code-or-register-the-application-for-the-other-one- = Senden Sie response_type=code, oder registrieren Sie die Anwendung für den anderen.
response-mode-is-one-that-can-carry-the-answer = response_mode ist einer, mit dem die Antwort ankommen kann
leave-response-mode-out-or-send-one-of-response-modes-supported- = Lassen Sie response_mode weg, oder senden Sie einen Wert aus response_modes_supported.
there-is-a-code-challenge-by-s256-where-one-is-needed = Es gibt eine code_challenge mit S256, wo eine nötig ist
send-code-challenge-and-code-challenge-method-s256-rfc-7636- = Senden Sie code_challenge und code_challenge_method=S256 (RFC 7636).
dpop-jkt-is-a-key-s-thumbprint-and-fits-the-answer = dpop_jkt ist der Fingerabdruck eines Schlüssels und passt zur Antwort
send-the-sha-256-thumbprint-of-the-key-and-ask-for-a-code-rfc-9449-10- = Senden Sie den SHA-256-Fingerabdruck des Schlüssels, und fordern Sie einen Code an (RFC 9449 §10).
prompt-max-age-claims-and-hints-make-sense-together = prompt, max_age, claims und Hinweise passen zusammen
look-at-the-parameters-of-openid-connect-core-3-1-2-1- = Sehen Sie nach den Parametern in OpenID Connect Core §3.1.2.1.
openid-and-a-nonce-are-there-where-they-are-needed = openid und eine Nonce sind da, wo sie nötig sind
ask-for-the-scope-openid-and-send-a-nonce- = Fordern Sie die Berechtigung openid an, und senden Sie eine Nonce.
somebody-is-signed-in-as-the-request-wants-it = Jemand ist so angemeldet, wie die Anfrage es will
nothing-is-wrong-the-application-sends-the-person-to-sign-in-without-prompt-none- = Das ist kein Fehler: Die Anwendung schickt die Person ohne prompt=none zur Anmeldung.
the-person-allowed-it-already-where-nobody-may-be-asked = Die Person hat es schon erlaubt, wo niemand gefragt werden darf
nothing-is-wrong-the-application-asks-without-prompt-none- = Das ist kein Fehler: Die Anwendung fragt ohne prompt=none.
the-person-need-not-see-another-page-first = Die Person muss nicht erst eine andere Seite sehen
the-application-sends-the-person-without-prompt-none- = Die Anwendung schickt die Person ohne prompt=none.
somebody-can-sign-in-as-strongly-as-the-request-wants = Jemand kann sich so sicher anmelden, wie die Anfrage es will
ask-for-a-weaker-acr-or-have-the-person-add-a-second-factor- = Fordern Sie eine schwächere acr an, oder lassen Sie die Person einen zweiten Faktor hinzufügen.
the-person-allowed-it = Die Person hat es erlaubt
nothing-is-wrong-the-person-said-no- = Das ist kein Fehler: Die Person hat abgelehnt.
the-registration-or-initial-access-token-is-good = Das Token der Registrierung, oder das erste zum Registrieren, gilt
use-the-token-that-came-with-the-registration-hallpass-registration-token-create-makes-an-initial-one- = Nehmen Sie das Token, das mit der Registrierung kam; ein erstes macht `hallpass registration-token create`.
what-the-client-says-of-itself-is-allowed = Was die Anwendung über sich sagt, ist erlaubt
change-the-members-that-the-message-names-rfc-7591- = Ändern Sie die Felder, die die Meldung nennt (RFC 7591).
the-code-that-the-device-shows-is-known-and-waits = Der Code, den das Gerät zeigt, ist bekannt und wartet
read-the-code-once-more-or-let-the-device-begin-again- = Lesen Sie den Code noch einmal, oder lassen Sie das Gerät von vorn beginnen.

## What is said of a refused request beside its checks

a-client-in-its-own-name = eine Anwendung in eigenem Namen
a-cookie-that-is-not-known-here-or-whose-session-has-ended = ein Cookie, das hier nicht bekannt ist oder dessen Sitzung beendet ist
a-credential-of-a-user = Zugangsdaten eines Benutzers
a-credential-with-none = Zugangsdaten ohne Berechtigungen
a-credential-without-it = Zugangsdaten ohne sie
a-key-that-has-not-expired = ein Schlüssel, der nicht abgelaufen ist
a-key-that-is-enabled = ein Schlüssel, der nicht gesperrt ist
a-key-that-is-no-decoy = ein Schlüssel, der kein Köder ist
a-key-that-was-not-revoked = ein Schlüssel, der nicht widerrufen wurde
a-person-in-a-session = eine Person in einer Sitzung
a-secret-that-has-not-expired = ein Geheimnis, das nicht abgelaufen ist
a-secret-that-no-key-has = ein Geheimnis, das kein Schlüssel hat
a-session-an-api-key-or-an-access-token = eine Sitzung, ein API-Schlüssel oder ein Access-Token
a-sign-in-and-a-grant-that-hold = eine Anmeldung und eine Freigabe, die gelten
a-token-for-none = ein Token für keine Ressource
a-token-that-is-meant-for-another-api = ein Token, das für eine andere API gedacht ist
a-user-who-is-enabled = ein Benutzer, der nicht gesperrt ist
access-token = Access-Token
an-access-token-that-is-not-known-here-or-was-deleted-after-its-end = ein Access-Token, das hier nicht bekannt ist oder nach seinem Ende gelöscht wurde
an-address-that-is-not-known = eine Adresse, die nicht bekannt ist
an-application-that-is-enabled = eine Anwendung, die nicht gesperrt ist
another-scheme = ein anderes Schema
full-access-for-the-check-names-no-scope-and-no-resource-that-a-lesser-credential-could-hold = voller Zugriff, denn die Prüfung nennt weder Berechtigung noch Ressource, die schwächere Zugangsdaten haben könnten
no-good-proof = kein gültiger Nachweis
one-of-a-disabled-application = von einer gesperrten Anwendung
one-of-a-disabled-user = von einem gesperrten Benutzer
one-that-came-of-a-credential-which-holds = aus gültigen Zugangsdaten entstanden
one-that-is-disabled = gesperrt
one-that-is-refused = etwas, das abgewiesen wird
one-that-this-server-made-and-keeps = etwas, das dieser Server erstellt hat und aufbewahrt
one-that-was-not-revoked = nicht widerrufen
one-that-was-replaced-or-used-up-meanwhile = inzwischen ersetzt oder aufgebraucht
one-who-is-disabled = gesperrt
one-whose-sign-in-or-grant-has-ended = Anmeldung oder Freigabe ist beendet
one-whose-time-is-not-over = nicht abgelaufen
somebody-who-does-not-hold-it = jemand, der sie nicht hat
somebody-with-the-roles-none = jemand ohne Rollen
the-scheme-bearer-for-the-credential-is-bound-to-no-key = das Schema Bearer, denn die Zugangsdaten sind an keinen Schlüssel gebunden
the-scheme-dpop = das Schema DPoP
the-scheme-dpop-with-a-proof-for-the-token-is-bound-to-a-key = das Schema DPoP mit einem Nachweis, denn das Token ist an einen Schlüssel gebunden
a-pair-that-this-server-did-not-make-or-not-the-whole-of-it = einem Paar, das nicht von diesem Server oder nicht vollständig ist
a-pair-the-secret-stands-alone-behind-it = einem Paar; dahinter steht das Geheimnis allein
a-scheme-that-is-none-of-bearer-basic-dpop-and-token = ein anderes Schema als Bearer, Basic, DPoP und token
a-secret-whose-checksum-is-wrong-something-was-cut-off-or-mistyped = einem Geheimnis mit falscher Prüfsumme: Etwas ist abgeschnitten oder vertippt
a-text-that-is-no-secret-of-this-server = einem Text, der kein Geheimnis dieses Servers ist
bytes-that-are-no-text = Bytes, die kein Text sind
more-than-one-header = mehr als eine Kopfzeile
no-pair-key-secret = keinem Paar KEY:SECRET
nothing = nichts
one-word-without-a-scheme-before-it = ein Wort, ohne Schema davor
what-is-no-base64-of-a-pair-key-secret-or-a-pair-that-this-server-did-not-make = etwas, das kein Base64 eines Paars KEY:SECRET ist, oder einem Paar, das nicht von diesem Server ist
a-device-that-asks-for-none-of-them = ein Gerät, das keine davon anfordert
a-passkey-of-this-server-and-its-signature = ein Passkey dieses Servers und seine Signatur
a-password-alone = ein Passwort allein
a-password-that-was-given-a-moment-ago-and-is-still-the-user-s = ein Passwort, das gerade eben eingegeben wurde und noch gilt
a-second-factor = ein zweiter Faktor
a-user-with-a-password = ein Benutzer mit einem Passwort
another-code = ein anderer Code
another-one = ein anderer
another-text = ein anderer Text
one-that-is-mistyped-over-or-decided-about-already = vertippt, abgelaufen, oder es ist schon entschieden
one-that-is-too-old-or-was-replaced = zu alt oder ersetzt
one-that-nobody-has = niemand heißt so
one-who-has-none = keines
scopes-that-the-user-s-roles-allow = Berechtigungen, die die Rollen des Benutzers zulassen
the-code-of-a-device-that-waits = der Code eines Geräts, das wartet
the-code-of-now-or-an-unused-recovery-code = der jetzige Code oder ein unbenutzter Wiederherstellungscode
the-name-or-address-of-a-user = der Name oder die Adresse eines Benutzers
the-user-s-password = das Passwort des Benutzers
a-client-that-is-enabled = eine Anwendung, die nicht gesperrt ist
a-client-with-a-secret-and-the-scope-introspect = eine Anwendung mit einem Geheimnis und der Berechtigung introspect
a-code-that-has-not-expired = ein Code, der nicht abgelaufen ist
a-code-that-is-not-known-or-was-deleted-after-its-end = ein Code, der nicht bekannt ist oder nach seinem Ende gelöscht wurde
a-code-that-was-given-to-another-client = ein Code, der einer anderen Anwendung gegeben wurde
a-code-that-was-given-to-this-client = ein Code, der dieser Anwendung gegeben wurde
a-code-that-was-not-used = ein Code, der nicht benutzt wurde
a-device-code-that-has-not-expired = ein Gerätecode, der nicht abgelaufen ist
a-refresh-token-that-has-not-expired = ein Refresh-Token, das nicht abgelaufen ist
a-refresh-token-that-is-not-known-or-was-deleted-after-its-end = ein Refresh-Token, das nicht bekannt ist oder nach seinem Ende gelöscht wurde
a-refresh-token-that-was-given-to-another-client = ein Refresh-Token, das einer anderen Anwendung gegeben wurde
a-refresh-token-that-was-given-to-this-client = ein Refresh-Token, das dieser Anwendung gegeben wurde
a-refresh-token-that-was-not-used = ein Refresh-Token, das nicht benutzt wurde
a-resource-that-is-registered = eine Ressource, die registriert ist
a-scope-that-all-of-client-grant-roles-and-resource-have = eine Berechtigung, die Anwendung, Freigabe, Rollen und Ressource gemeinsam haben
a-scope-that-the-client-s-roles-and-the-resource-allow = eine Berechtigung, die die Rollen der Anwendung und die Ressource zulassen
a-secret-of-this-client-that-holds = ein Geheimnis dieser Anwendung, das gilt
a-text-that-is-no-code-of-this-server-or-not-the-whole-of-it = ein Text, der kein Code dieses Servers oder nicht vollständig ist
a-text-that-is-no-refresh-token-of-this-server-or-not-the-whole-of-it = ein Text, der kein Refresh-Token dieses Servers oder nicht vollständig ist
a-text-that-is-no-secret-of-this-server-nor-one-that-was-brought-here = ein Text, der weder ein Geheimnis dieses Servers noch ein importiertes ist
a-text-that-is-no-secret-of-this-server-or-not-the-whole-of-it = ein Text, der kein Geheimnis dieses Servers oder nicht vollständig ist
an-assertion-that-is-good-rfc-7523-3- = eine Zusicherung, die gilt (RFC 7523 §3)
an-empty-one = ein leeres
client-id-alone = client_id allein
private-key-jwt-by-a-key-that-is-not-registered-any-more = private_key_jwt mit einem Schlüssel, der nicht mehr registriert ist
an-initial-access-token-that-is-good = ein gültiges erstes Token zum Registrieren
another-grant-type = ein anderer grant_type
another-secret-of-this-server-or-one-that-was-replaced = ein anderes Geheimnis dieses Servers, oder ein ersetztes
no-proof = kein Nachweis
a-name-that-none-of-them-has = ein Name, den keine davon hat
the-name-of-a-policy-that-stands-in-verify-policies = der Name einer Regel, die in verify.policies steht
one-of-another-client-or-one-that-was-replaced = von einer anderen Anwendung, oder ersetzt
one-that-is-not-known-has-expired-or-was-used-as-often-as-it-may-be = nicht bekannt, abgelaufen oder aufgebraucht
the-client-s-registration-access-token = das Token der Registrierung dieser Anwendung
a-text-that-is-no-address = ein Text, der keine Adresse ist
an-id-of-nothing-in-reach = eine ID, unter der nichts erreichbar ist
few-wrong-secrets-in-one-window = wenige falsche Geheimnisse in einem Zeitfenster
fewer-failures-in-one-window-than-the-section-limits-has = weniger Fehlschläge in einem Zeitfenster, als der Abschnitt limits zulässt
neither-origin-nor-sec-fetch-site = weder Origin noch Sec-Fetch-Site
one-more-wrong-secret-or-assertion-than-limits-client-secret-failures-lets-pass = ein falsches Geheimnis oder eine falsche Zusicherung mehr, als limits.client_secret_failures zulässt
value-s-ago = vor { $value } s
value-min-ago = vor { $value } min
value-h-ago = vor { $value } h
value-days-ago = vor { $value } Tagen
one-that-ended-text = abgelaufen { $text }
one-that-expired-text = abgelaufen { $text }
one-that-was-revoked-text = widerrufen { $text }
one-that-was-used-text = benutzt { $text }
one-that-came-of-a-credential-that-is-refused-itself-text = aus Zugangsdaten entstanden, die selbst abgewiesen werden: { $text }
the-key-value-with-a-secret-that-is-none-of-its-own = der Schlüssel { $value } mit einem Geheimnis, das nicht seines ist
the-scope-value = die Berechtigung { $value }
the-role-value = die Rolle { $value }
somebody-with-the-roles-value = jemand mit den Rollen { $value }
a-credential-with-value = Zugangsdaten mit { $value }
one-with-value = Zugangsdaten mit { $value }
a-token-for-this-server-value-or-for-no-resource = ein Token für diesen Server, { $value }, oder für keine Ressource
a-token-for-the-resource-that-is-demanded-value = ein Token für die verlangte Ressource: { $value }
a-token-for-value = ein Token für { $value }
a-proof-by-the-key-value = ein Nachweis mit dem Schlüssel { $value }
a-proof-with-value = ein Nachweis mit { $value }
a-client-for-value = eine Anwendung für { $value }
only-scopes-among-value = nur Berechtigungen aus { $value }
beside-others-value = außerdem { $value }
a-client-id-of-value-characters-of-another-form-than-those-made-here = eine client_id mit { $value } Zeichen, von anderer Form als die von hier
value-this-client-has-none = { $value }: Sie hat keine
value-it-differs-in-its-punctuation = { $value }: Sie weicht in der Zeichensetzung ab
value-it-differs-at-its-scheme = { $value }: Ihr Schema weicht ab
value-it-differs-at-its-host = { $value }: Ihr Host weicht ab
value-it-differs-at-its-port = { $value }: Ihr Port weicht ab
value-it-differs-at-its-path = { $value }: Ihr Pfad weicht ab
value-it-differs-at-its-query = { $value }: Ihre Query weicht ab
value-it-has-a-fragment- = { $value }: Sie hat ein Fragment (#)
value-it-has-spaces-or-control-characters-in-it = { $value }: Sie enthält Leer- oder Steuerzeichen
value-it-has-a-user-name-before-its-host = { $value }: Vor ihrem Host steht ein Benutzername
value-it-has-http-in-place-of-https = { $value }: Sie hat http statt https
value-it-has-https-in-place-of-http = { $value }: Sie hat https statt http
value-its-host-has-other-capital-and-small-letters = { $value }: Ihr Host ist anders groß- und kleingeschrieben
value-its-host-differs-127-0-0-1-1-and-localhost-count-as-different = { $value }: Ihr Host weicht ab; 127.0.0.1, [::1] und localhost gelten als verschieden
value-its-port-is-not-a-number-from-1-to-65535 = { $value }: Ihr Port ist keine Zahl von 1 bis 65535
value-it-has-a-slash-too-many-at-its-end = { $value }: Sie hat am Ende einen Schrägstrich zu viel
value-it-lacks-the-slash-at-its-end = { $value }: Ihr fehlt der Schrägstrich am Ende
value-its-path-has-other-capital-and-small-letters = { $value }: Ihr Pfad ist anders groß- und kleingeschrieben
value-it-has-a-query-and-the-registered-one-has-none = { $value }: Sie hat eine Query, die registrierte hat keine
value-it-lacks-the-query-of-the-registered-one = { $value }: Ihr fehlt die Query der registrierten
text-which-nobody-has = { $text }, die es nicht gibt
text-which-nobody-has-or-which-is-disabled = { $text }, die es nicht gibt oder die gesperrt ist
text-which-is-disabled = { $text }, die gesperrt ist
more-there-is-room-again-in-value-s = mehr; in { $value } s ist wieder Platz
one-more-there-is-room-again-in-value-s = eine mehr; in { $value } s ist wieder Platz
no-more-requests-than-the-key-s-limit-value-has = nicht mehr Anfragen, als das Limit { $value } des Schlüssels zulässt
basic-with-a-secret-of-the-kind-value = Basic mit einem Geheimnis der Art { $value }
bearer-with-a-secret-of-the-kind-value = Bearer mit einem Geheimnis der Art { $value }
dpop-with-a-secret-of-the-kind-value = DPoP mit einem Geheimnis der Art { $value }
token-with-a-secret-of-the-kind-value = token mit einem Geheimnis der Art { $value }
basic-with-text = Basic mit { $text }
bearer-with-text = Bearer mit { $text }
dpop-with-text = DPoP mit { $text }
token-with-text = token mit { $text }
it-failed-at-this-check- = Sie ist an dieser Prüfung gescheitert: „{ $check }“.

## Mails

your-password-was-changed = Ihr Passwort wurde geändert
your-e-mail-address-was-changed = Ihre E-Mail-Adresse wurde geändert
finish-your-registration = Stellen Sie Ihr Konto fertig
you-have-an-account-already = Sie haben schon ein Konto
hello- = Guten Tag,
hello-name- = Guten Tag, { $name },
somebody-most-likely-you-asked-for-a-new-password-for-your-account-at-issuer =
    jemand, sehr wahrscheinlich Sie, möchte ein neues Passwort für Ihr Konto bei
    { $issuer }
to-pick-one-open-this-link-within-an-hour-it-works-once-and-a-newer-one-takes-its-place- = Um eines zu wählen, öffnen Sie innerhalb einer Stunde diesen Link. Er gilt einmal, und ein neuerer ersetzt ihn:
if-it-was-not-you-do-nothing-your-password-stays-as-it-is-and-nobody-learns-that-this-mail-was-sent-give-the-link-to-nobody- = Wenn Sie es nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist, und niemand erfährt von dieser E-Mail. Geben Sie den Link niemandem.
the-password-of-your-account-at-issuer-was-changed-by-a-link-that-was-sent-to-this-address-all-your-sessions-have-ended-and-applications-have-to-ask-again- =
    das Passwort Ihres Kontos bei
    { $issuer }
    wurde mit einem Link geändert, der an diese Adresse ging. Alle Ihre Sitzungen sind beendet, und Anwendungen müssen erneut um Erlaubnis bitten.
if-it-was-not-you-somebody-else-reads-your-mail-change-the-password-of-your-mailbox-first-then-ask-for-a-new-password-here- = Wenn Sie es nicht waren, liest jemand anderes Ihre E-Mails: Ändern Sie zuerst das Passwort Ihres Postfachs, und fordern Sie dann hier ein neues an:
to-confirm-that-this-is-your-e-mail-address-at-issuer-open-this-link-within-a-day-it-works-once-and-a-newer-one-takes-its-place- =
    um zu bestätigen, dass dies Ihre E-Mail-Adresse bei
    { $issuer }
    ist, öffnen Sie innerhalb eines Tages diesen Link. Er gilt einmal, und ein neuerer ersetzt ihn:
if-you-did-not-ask-for-it-do-nothing-nothing-changes- = Wenn Sie nicht darum gebeten haben, tun Sie nichts: Es ändert sich nichts.
your-account-at-issuer-has-another-e-mail-address-from-now-on-this-one-belongs-to-it-no-more- =
    Ihr Konto bei
    { $issuer }
    hat ab jetzt eine andere E-Mail-Adresse; diese gehört nicht mehr dazu.
if-it-was-not-you-sign-in-end-all-other-sessions-and-change-your-password-and-tell-whoever-runs-the-server- = Wenn Sie es nicht waren, melden Sie sich an, beenden Sie alle anderen Sitzungen und ändern Sie Ihr Passwort; und sagen Sie es dem Betreiber des Servers.
somebody-most-likely-you-wanted-to-make-an-account-with-this-address-at-issuer-but-you-have-one-already-your-user-name-is-name-sign-in-with-it- =
    jemand, sehr wahrscheinlich Sie, wollte mit dieser Adresse ein Konto anlegen bei
    { $issuer }
    Sie haben aber schon eines: Ihr Benutzername ist { $name }. Melden Sie sich damit an:
if-you-have-forgotten-your-password-ask-for-a-new-one- = Wenn Sie Ihr Passwort vergessen haben, fordern Sie ein neues an:
if-it-was-not-you-do-nothing-nothing-changes-and-nobody-learns-that-you-have-an-account- = Wenn Sie es nicht waren, tun Sie nichts: Es ändert sich nichts, und niemand erfährt, dass Sie ein Konto haben.
somebody-most-likely-you-wants-to-make-an-account-with-this-address-at-issuer =
    jemand, sehr wahrscheinlich Sie, möchte mit dieser Adresse ein Konto anlegen bei
    { $issuer }
to-go-on-open-this-link-within-a-day-it-works-once-and-a-newer-one-takes-its-place- = Öffnen Sie dazu innerhalb eines Tages diesen Link. Er gilt einmal, und ein neuerer ersetzt ihn:
if-it-was-not-you-do-nothing-no-account-is-made- = Wenn Sie es nicht waren, tun Sie nichts: Es wird kein Konto angelegt.

## Where a session is, behind its address

where-you-are-now = wo Sie gerade sind
in-your-network = in Ihrem Netz
on-the-server-itself = auf dem Server selbst
in-a-private-network = in einem privaten Netz

## Long work

working-this-can-take-a-while- = In Arbeit. Das kann eine Weile dauern.
