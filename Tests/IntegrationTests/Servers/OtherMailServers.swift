import Glibc

/// Exim with its `dovecot` authenticator, unpacked aside, on a port of its own.
enum EximInstance {
    static func start(socket: String, port: UInt16) throws -> Daemon {
        let directory = try TemporaryDirectory()
        let configuration = "\(directory.path)/exim.conf"
        let authenticators = ["PLAIN", "LOGIN"].map { name in
            """
            \(name.lowercased()):
              driver = dovecot
              public_name = \(name)
              server_socket = \(socket)
              server_set_id = $auth1

            """
        }
        let text = """
            primary_hostname = mail.gatepost.test
            spool_directory = \(directory.path)/spool
            log_file_path = \(directory.path)/log/%slog
            pid_file_path = \(directory.path)/exim.pid
            exim_path = \(Places.exim)
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = \(port)
            tls_advertise_hosts =
            host_lookup =
            queue_only = true
            keep_environment =
            acl_smtp_rcpt = recipient
            begin acl
            recipient:
              accept authenticated = *
              deny message = relay not permitted
            begin authenticators

            """
        try TextFile.write(text + authenticators.joined(), to: configuration)
        for name in ["spool", "log"] {
            _ = try ChildProcess.run(["install", "-d", "-o", "Debian-exim", "\(directory.path)/\(name)"])
        }
        let libraries = try ChildProcess.run(["uname", "-m"]).output.dropLast()
        return try Daemon(
            [Places.exim, "-C", configuration, "-bdf"],
            environment: [
                "LD_LIBRARY_PATH=\(Places.peers)/exim/usr/lib/\(libraries)-linux-gnu:\(Places.peers)/exim/usr/lib"
            ], in: directory
        ) {
            _ = try SMTPConversation(port: port)
        }
    }
}

/// chasquid in its Dovecot mode, unpacked aside, on a port of its own.
enum ChasquidInstance {
    /// - Parameters:
    ///   - userdb: where users are looked up; logins never use it.
    ///   - port: for submission.
    ///   - smtpPort: for mail from other servers.
    static func start(client: String, userdb: String, port: UInt16, smtpPort: UInt16? = nil) throws -> Daemon {
        let directory = try TemporaryDirectory()
        let certificates = "\(directory.path)/certs/mail.gatepost.test"
        for path in [certificates, "\(directory.path)/domains/gatepost.test", "\(directory.path)/data"] {
            _ = try ChildProcess.run(["mkdir", "-p", path])
        }
        _ = try ChildProcess.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "30", "-subj", "/CN=mail.gatepost.test", "-keyout", "\(certificates)/privkey.pem",
            "-out", "\(certificates)/fullchain.pem",
        ])
        let text = """
            hostname: "mail.gatepost.test"
            submission_address: "127.0.0.1:\(port)"
            data_dir: "\(directory.path)/data"
            mail_log_path: "\(directory.path)/mail.log"
            mail_delivery_agent_bin: "/bin/true"
            dovecot_auth: true
            dovecot_userdb_path: "\(userdb)"
            dovecot_client_path: "\(client)"
            \(smtpPort.map { "smtp_address: \"127.0.0.1:\($0)\"" } ?? "")

            """
        try TextFile.write(text, to: "\(directory.path)/chasquid.conf")
        return try Daemon([Places.chasquid, "-config_dir", directory.path, "-alsologtostderr"], in: directory) {
            _ = try SMTPConversation(port: port)
        }
    }
}
