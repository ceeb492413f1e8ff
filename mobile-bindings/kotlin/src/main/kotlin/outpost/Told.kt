package outpost

import outpost.core.Told
import outpost.core.Trouble
import outpost.model.Lang

/** What an app can say and look up: a stable code and a sentence in both languages. */
val Trouble.told: Told
    get() = when (this) {
        is Trouble.Denied -> told
        is Trouble.DoesNotFit -> told
        is Trouble.Unknown -> told
        is Trouble.GlassChanged -> told
        is Trouble.NotEnrolled -> told
        is Trouble.Full -> told
        is Trouble.Unreadable -> told
        is Trouble.Busy -> told
        is Trouble.Host -> told
        is Trouble.Fallen -> told
    }

/** The sentence in that language. */
fun Told.sentence(lang: Lang): String = when (lang) {
    Lang.ZH -> zh
    Lang.EN -> en
}
