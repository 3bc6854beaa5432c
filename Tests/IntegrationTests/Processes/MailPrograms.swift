/// The programs that log in as a mail user would, each with one mail to send or nothing but the login.
enum MailPrograms {
    static func curl(
        _ scheme: String = "smtp", port: UInt16, _ mechanism: String, as who: Credentials = .alice,
        _ options: [String] = []
    ) throws -> ChildProcess.Outcome {
        let isToken = mechanism == "XOAUTH2" || mechanism == "OAUTHBEARER"
        return try ChildProcess.run(
            [
                "curl", "--silent", "--show-error", "--url", "\(scheme)://127.0.0.1:\(port)/client.test",
                "--user", isToken ? who.user : "\(who.user):\(who.password)", "--login-options", "AUTH=\(mechanism)",
                "--mail-from", "alice@gatepost.test", "--mail-rcpt", "someone@elsewhere.example",
                "--upload-file", "-",
            ] + (isToken ? ["--oauth2-bearer", who.password] : []) + options,
            input: "Subject: hello\r\n\r\nHello.\r\n")
    }

    static func gsasl(
        port: UInt16, _ mechanism: String, as who: Credentials = .alice, _ options: [String] = []
    ) throws -> ChildProcess.Outcome {
        try ChildProcess.run(
            [
                "gsasl", "--smtp", "--connect=127.0.0.1:\(port)", "--mechanism=\(mechanism)",
                "--authentication-id=\(who.user)", "--password=\(who.password)", "--no-starttls", "--no-cb", "--quiet",
            ] + options)
    }

    static func swaks(
        port: UInt16, _ mechanism: String, as who: Credentials = .alice
    ) throws -> ChildProcess.Outcome {
        try ChildProcess.run([
            "swaks", "--server", "127.0.0.1", "--port", "\(port)", "--auth", mechanism, "--auth-user", who.user,
            "--auth-password", who.password, "--quit-after", "AUTH",
        ])
    }

    /// Python's smtplib, which takes the first of CRAM-MD5, PLAIN and LOGIN that the server offers.
    static func smtplib(port: UInt16, _ mechanism: String, as who: Credentials = .alice) throws -> ChildProcess.Outcome {
        let script = """
            import smtplib, sys
            session = smtplib.SMTP("127.0.0.1", int(sys.argv[1]))
            session.ehlo()
            session.user, session.password = sys.argv[3], sys.argv[4]
            method = {"CRAM-MD5": session.auth_cram_md5, "PLAIN": session.auth_plain, "LOGIN": session.auth_login}
            try:
                session.auth(sys.argv[2], method[sys.argv[2]])
            except smtplib.SMTPAuthenticationError as error:
                sys.exit(error.smtp_code == 535 and 77 or 1)
            """
        return try ChildProcess.run(["python3", "-c", script, "\(port)", mechanism, who.user, who.password])
    }
}
