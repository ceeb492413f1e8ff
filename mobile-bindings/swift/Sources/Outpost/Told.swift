extension Trouble {
    /// What an app can say and look up: a stable code and a sentence in both languages.
    public var told: Told {
        switch self {
        case .Denied(let told), .DoesNotFit(let told), .Unknown(let told), .GlassChanged(let told),
            .NotEnrolled(let told), .Full(let told), .Unreadable(let told), .Busy(let told), .Host(let told),
            .Fallen(let told):
            return told
        }
    }
}

extension Told {
    /// The sentence in that language.
    public func sentence(_ lang: Lang) -> String {
        switch lang {
        case .zh: return zh
        case .en: return en
        }
    }
}
