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

    /// What clients of protocol 1.3 and 1.4 say on a socket with Dovecot 2.4's handshake: `type = auth` in 2.4,
    /// `gatepost_greeting = version` here.
    ///
    /// The socket offers SCRAM-SHA-256-PLUS, SCRAM-SHA-256, PLAIN and LOGIN to the user of ``realClients()``, whose
    /// password must be stored so that SCRAM-SHA-256 can use it.
    ///
    /// - Throws: ``TranscriptError``, which would be a fault of this library.
    public static func channelBindingClients() throws(TranscriptError) -> [Transcript] {
        let files = [
            ("dovecot-2.4-handshake", PackageResources.dovecot_2_4_handshake_transcript),
            ("dovecot-2.4-cancelled", PackageResources.dovecot_2_4_cancelled_transcript),
            ("scram-sha-256-plus-refused", PackageResources.scram_sha_256_plus_refused_transcript),
        ]
        var transcripts: [Transcript] = []
        for (name, bytes) in files {
            transcripts.append(
                try Transcript(parsing: String(decoding: bytes, as: UTF8.self), name: name + ".transcript"))
        }
        return transcripts
    }

    /// A login by SCRAM-SHA-256-PLUS from the handshake to OK, for clients under test.
    ///
    /// The client is alice, whose password is `wonderland`; its nonce is `fyko+d2lbbFgONRv9qkxdawL`, and it binds by
    /// `tls-server-end-point` to the bytes 32 to 63. No server can be tested with it: nonce and salt are the server's.
    ///
    /// - Throws: ``TranscriptError``, which would be a fault of this library.
    public static func channelBindingLogin() throws(TranscriptError) -> Transcript {
        try Transcript(
            parsing: String(decoding: PackageResources.scram_sha_256_plus_transcript, as: UTF8.self),
            name: "scram-sha-256-plus.transcript")
    }

    private static var files: [(name: String, bytes: [UInt8])] {
        [
            ("chasquid", PackageResources.chasquid_transcript),
            ("dovecot-2.3", PackageResources.dovecot_2_3_transcript),
            ("dovecot-2.4", PackageResources.dovecot_2_4_transcript),
            ("dovecot-2.4-cancelled", PackageResources.dovecot_2_4_cancelled_transcript),
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
