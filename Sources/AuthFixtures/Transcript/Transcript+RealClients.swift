extension Transcript {
    /// What the real clients say, and what they need to hear, on a socket for clients.
    ///
    /// They ask for PLAIN and LOGIN and for the user `alice`, whose password is `wonderland`; a failed login must be
    /// answered within 4 s, and nothing may stop the server from taking three of them in a row from one address.
    ///
    /// - Throws: ``TranscriptError``, which would be a fault of this library.
    public static func realClients() throws(TranscriptError) -> [Transcript] {
        var transcripts: [Transcript] = []
        for (name, bytes) in files {
            transcripts.append(
                try Transcript(parsing: String(decoding: bytes, as: UTF8.self), name: name + ".transcript"))
        }
        return transcripts
    }

    /// What chasquid says on a userdb socket.
    ///
    /// - Throws: ``TranscriptError``, which would be a fault of this library.
    public static func userDatabaseClients() throws(TranscriptError) -> [Transcript] {
        let text = String(decoding: PackageResources.chasquid_userdb_transcript, as: UTF8.self)
        return [try Transcript(parsing: text, name: "chasquid-userdb.transcript")]
    }

    private static var files: [(name: String, bytes: [UInt8])] {
        [
            ("chasquid", PackageResources.chasquid_transcript),
            ("dovecot-2.3", PackageResources.dovecot_2_3_transcript),
            ("dovecot-2.4", PackageResources.dovecot_2_4_transcript),
            ("exim-4.98", PackageResources.exim_4_98_transcript),
            ("exim-4.99", PackageResources.exim_4_99_transcript),
            ("halon", PackageResources.halon_transcript),
            ("neighbours", PackageResources.neighbours_transcript),
            ("pipelining", PackageResources.pipelining_transcript),
            ("postfix-abandoned", PackageResources.postfix_abandoned_transcript),
            ("postfix-bad-base64", PackageResources.postfix_bad_base64_transcript),
            ("postfix-empty-response", PackageResources.postfix_empty_response_transcript),
            ("postfix-login", PackageResources.postfix_login_transcript),
            ("postfix-plain", PackageResources.postfix_plain_transcript),
            ("postfix-plain-challenge", PackageResources.postfix_plain_challenge_transcript),
            ("prosody", PackageResources.prosody_transcript),
            ("radicale", PackageResources.radicale_transcript),
            ("robin", PackageResources.robin_transcript),
            ("unreadable", PackageResources.unreadable_transcript),
            ("versions", PackageResources.versions_transcript),
        ]
    }
}
