/// Names of Dovecot's settings and sections outside the auth service, so that a slip of the pen is told from a setting
/// of another service.
///
/// 2.3: all of `doveconf -d` 2.3.19.1 with Pigeonhole 0.5.19, and the older names that it still takes. 2.4: the names
/// that the sources of 2.4.2 define.
enum ForeignNames {
    static func contains(_ name: String) -> Bool {
        // Pigeonhole 2.4 names its settings after its sections, of which new ones may be made.
        names.contains(name) || families.contains { name.hasPrefix($0) }
    }

    static let names = Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
    /// In order, so that the same word always gets the same suggestion.
    static let sorted = names.sorted()

    /// Values that Dovecot has for names of other services that fragments for the auth service refer to.
    static let defaults = ["default_login_user": "dovenull", "default_internal_group": "dovecot"]

    private static let families = ["sieve_", "managesieve_", "imap_sieve_", "imapsieve_"]

    private static let text = """
        acl acl_cache_ttl acl_defaults_from_inbox acl_dict_index acl_driver acl_global_path acl_globals_only
        acl_groups acl_ignore acl_sharing_map acl_user apparmor_hats cassandra cassandra_debug_queries
        cassandra_delete_consistency cassandra_delete_fallback_consistency cassandra_execution_retry_times
        cassandra_hosts cassandra_io_thread_count cassandra_keyspace cassandra_latency_aware_routing
        cassandra_log_level cassandra_log_retries cassandra_metrics_path cassandra_page_size cassandra_password
        cassandra_port cassandra_protocol_version cassandra_read_consistency cassandra_read_fallback_consistency
        cassandra_ssl cassandra_user cassandra_write_consistency cassandra_write_fallback_consistency cdb_path
        charset_aliases config_cache_size crypt_acl_require_secure_key_sharing crypt_global_private_key
        crypt_global_public_key_file crypt_private_key_file crypt_private_key_name crypt_private_key_password
        crypt_user_key_curve crypt_user_key_encryption_key crypt_user_key_password crypt_user_key_require_encrypted
        crypt_write_algorithm dbox_rotate_days dbox_rotate_min_size dbox_rotate_size default_idle_kill
        default_idle_kill_interval default_internal_group default_login_user default_process_limit default_vsz_limit
        deliver_log_format dict dict_db_config dict_driver dict_file_lock_method dict_file_path dict_map
        dict_map_expire_field dict_map_key dict_map_key_field dict_map_pattern dict_map_sql_table
        dict_map_username_field dict_map_value dict_map_value_field dict_name dict_proxy_idle_timeout dict_proxy_name
        dict_proxy_slow_warn dict_proxy_socket_path dict_server director_consistent_hashing director_flush_socket
        director_mail_servers director_max_parallel_kicks director_max_parallel_moves director_output_buffer_size
        director_ping_idle_timeout director_ping_max_timeout director_servers director_user_expire
        director_user_kick_delay director_username_hash dns_client_socket_path dotlock_use_excl
        doveadm_allowed_commands doveadm_api_key doveadm_http_rawlog_dir doveadm_password doveadm_port
        doveadm_proxy_port doveadm_socket_path doveadm_ssl doveadm_username doveadm_worker_count
        dovecot_storage_version dsync_alt_char dsync_commit_msgs_interval dsync_features dsync_hashed_headers
        dsync_remote_cmd event_exporter event_exporter_driver event_exporter_file_path event_exporter_format
        event_exporter_http_post event_exporter_http_post_url event_exporter_name event_exporter_time_format
        event_exporter_unix_connect_timeout event_exporter_unix_path execute execute_args execute_driver
        execute_fork_path execute_name execute_tcp_host execute_tcp_port execute_unix_socket_path first_valid_gid
        first_valid_uid fs fs_compress_read_plain_fallback fs_compress_write_method fs_crypt_read_plain_fallback
        fs_dict_value_encoding fs_driver fs_name fs_posix_accurate_mtime fs_posix_autodelete_empty_directories
        fs_posix_fsync fs_posix_lock_method fs_posix_mode fs_posix_prefix fs_randomfail_ops fs_sis_queue_path
        fsync_disable fts fts_autoindex fts_autoindex_max_recent_msgs fts_decoder_driver
        fts_decoder_script_socket_path fts_decoder_tika fts_decoder_tika_url fts_driver fts_flatcurve
        fts_flatcurve_commit_limit fts_flatcurve_min_term_size fts_flatcurve_optimize_limit
        fts_flatcurve_rotate_count fts_flatcurve_rotate_time fts_flatcurve_substring_search fts_header_excludes
        fts_header_includes fts_message_max_size fts_search fts_search_add_missing fts_search_read_fallback
        fts_search_timeout fts_solr fts_solr_batch_size fts_solr_soft_commit fts_solr_url haproxy_timeout
        haproxy_trusted_networks hostname http_client_auto_redirect http_client_auto_retry
        http_client_connect_backoff_max_time http_client_connect_backoff_time http_client_connect_timeout
        http_client_delete_request_max_attempts http_client_delete_request_timeout http_client_dns_ttl
        http_client_max_auto_retry_delay http_client_max_connect_attempts http_client_max_idle_time
        http_client_max_parallel_connections http_client_max_pipelined_requests http_client_proxy_password
        http_client_proxy_socket_path http_client_proxy_ssl_tunnel http_client_proxy_url http_client_proxy_username
        http_client_rawlog_dir http_client_read_request_max_attempts http_client_read_request_timeout
        http_client_request_absolute_timeout http_client_request_max_attempts http_client_request_max_redirects
        http_client_request_timeout http_client_response_hdr_max_field_size http_client_response_hdr_max_fields
        http_client_response_hdr_max_size http_client_socket_recv_buffer_size http_client_socket_send_buffer_size
        http_client_soft_connect_timeout http_client_user_agent http_client_write_request_max_attempts
        http_client_write_request_timeout http_server_default_host http_server_max_client_idle_time
        http_server_max_pipelined_requests http_server_rawlog_dir http_server_request_hdr_max_field_size
        http_server_request_hdr_max_fields http_server_request_hdr_max_size http_server_request_max_payload_size
        http_server_request_max_target_length http_server_socket_recv_buffer_size http_server_socket_send_buffer_size
        imap4rev2_enable imap_acl_allow_anyone imap_capability imap_client_workarounds imap_compress_on_proxy
        imap_fetch_failure imap_hibernate_timeout imap_id_log imap_id_retain imap_id_send imap_idle_notify_interval
        imap_literal_minus imap_logout_format imap_max_line_length imap_metadata imap_urlauth_host
        imap_urlauth_logout_format imap_urlauth_port imap_urlauth_stream_user imap_urlauth_submit_user imapc
        imapc_cmd_timeout imapc_connection_retry_count imapc_connection_retry_interval
        imapc_connection_timeout_interval imapc_features imapc_host imapc_list_prefix imapc_master_user
        imapc_max_idle_time imapc_max_line_length imapc_password imapc_port imapc_rawlog_dir imapc_sasl_mechanisms
        imapc_ssl imapc_ssl_verify imapc_user import_environment instance_name language language_default
        language_filter language_filter_normalizer_icu_id language_filter_stopwords_dir language_filters
        language_name language_tokenizer_address_token_maxlen language_tokenizer_generic_algorithm
        language_tokenizer_generic_explicit_prefix language_tokenizer_generic_token_maxlen
        language_tokenizer_generic_wb5a language_tokenizers last_login last_login_key last_login_precision
        last_valid_gid last_valid_uid layout_fs layout_imapc layout_imapdir layout_index layout_maildir++
        lazy_expunge_mailbox lazy_expunge_only_last_instance lda_mailbox_autocreate lda_mailbox_autosubscribe
        lda_original_recipient_header ldap_auth_dn ldap_auth_dn_password ldap_auth_sasl_authz_id
        ldap_auth_sasl_mechanisms ldap_auth_sasl_realm ldap_base ldap_connection_group ldap_debug_level ldap_deref
        ldap_max_idle_time ldap_scope ldap_starttls ldap_timeout ldap_uris ldap_version libexec_dir listen
        lmtp_add_received_header lmtp_client_workarounds lmtp_hdr_delivery_address lmtp_proxy lmtp_proxy_rawlog_dir
        lmtp_rawlog_dir lmtp_rcpt_check_quota lmtp_save_to_detail_mailbox lmtp_user_concurrency_limit
        lmtp_verbose_replies lock_method log_core_filter log_debug login_access_sockets login_chroot login_dir
        login_executable login_greeting login_log_format login_log_format_elements login_max_connections
        login_max_processes_count login_plugin_dir login_plugins login_process_per_connection login_process_size
        login_processes_count login_proxy_max_disconnect_delay login_proxy_max_reconnects login_proxy_notify_path
        login_proxy_rawlog_dir login_proxy_timeout login_socket_path login_source_ips login_trusted_networks
        login_user lua_file lua_settings mail_access_groups mail_alt_check mail_alt_path mail_always_cache_fields
        mail_attachment_detection_options mail_attachment_dir mail_attachment_fs mail_attachment_hash
        mail_attachment_min_size mail_attribute mail_attribute_dict mail_cache_compress_continued_percentage
        mail_cache_compress_delete_percentage mail_cache_compress_header_continue_count mail_cache_compress_min_size
        mail_cache_fields mail_cache_max_header_name_length mail_cache_max_headers_count mail_cache_max_size
        mail_cache_min_mail_count mail_cache_path mail_cache_purge_continued_percentage
        mail_cache_purge_delete_percentage mail_cache_purge_header_continue_count mail_cache_purge_min_size
        mail_cache_record_max_size mail_cache_unaccessed_field_drop mail_chroot mail_compress_write_method
        mail_control_path mail_debug mail_driver mail_drop_priv_before_exec mail_executable mail_ext_attachment
        mail_ext_attachment_hash mail_ext_attachment_min_size mail_ext_attachment_path mail_fsync
        mail_full_filesystem_access mail_gid mail_home mail_inbox_path mail_index_log2_max_age
        mail_index_log_rotate_max_size mail_index_log_rotate_min_age mail_index_log_rotate_min_size mail_index_path
        mail_index_private_path mail_index_rewrite_max_log_bytes mail_index_rewrite_min_log_bytes mail_location
        mail_log_cached_only mail_log_events mail_log_fields mail_log_max_lines_per_sec mail_log_prefix
        mail_max_keyword_length mail_max_lock_timeout mail_max_userip_connections mail_never_cache_fields
        mail_nfs_index mail_nfs_storage mail_path mail_plugin_dir mail_plugins mail_prefetch_count
        mail_privileged_group mail_process_size mail_save_crlf mail_server_admin mail_server_comment
        mail_shared_explicit_inbox mail_sort_max_read_count mail_temp_dir mail_temp_scan_interval mail_uid
        mail_utf8_extensions mail_volatile_path mail_vsize_bg_after_count mailbox mailbox_auto mailbox_autoexpunge
        mailbox_autoexpunge_max_mails mailbox_comment mailbox_directory_name mailbox_directory_name_legacy
        mailbox_idle_check_interval mailbox_list_drop_noselect mailbox_list_index mailbox_list_index_include_inbox
        mailbox_list_index_prefix mailbox_list_index_very_dirty_syncs mailbox_list_iter_from_index_dir
        mailbox_list_layout mailbox_list_lost_mailbox_prefix mailbox_list_storage_escape_char mailbox_list_utf8
        mailbox_list_validate_fs_names mailbox_list_visible_escape_char mailbox_name mailbox_notify_status
        mailbox_root_directory_name mailbox_special_use mailbox_subscriptions_filename maildir
        maildir_broken_filename_sizes maildir_copy_preserve_filename maildir_copy_with_hardlinks maildir_empty_new
        maildir_stat_dirs maildir_very_dirty_syncs master_user_separator max_mail_processes mbox mbox_dirty_syncs
        mbox_dotlock_change_timeout mbox_lazy_writes mbox_lock_timeout mbox_md5 mbox_min_index_size mbox_read_locks
        mbox_very_dirty_syncs mbox_write_locks mdbox mdbox_preallocate_space mdbox_rotate_interval mdbox_rotate_size
        metric metric_description metric_exporter metric_exporter_include metric_fields metric_filter metric_group_by
        metric_group_by_field metric_group_by_method metric_group_by_method_discrete_modifier
        metric_group_by_method_exponential_base metric_group_by_method_exponential_max_magnitude
        metric_group_by_method_exponential_min_magnitude metric_group_by_method_linear_max
        metric_group_by_method_linear_min metric_group_by_method_linear_step metric_group_by_method_method
        metric_name mmap_disable mysql mysql_client_flags mysql_connect_timeout mysql_connection_limit mysql_dbname
        mysql_host mysql_option_file mysql_option_group mysql_password mysql_port mysql_read_timeout mysql_ssl
        mysql_user mysql_write_timeout namespace namespace_alias_for namespace_disabled namespace_hidden
        namespace_ignore_on_failure namespace_inbox namespace_list namespace_name namespace_order namespace_prefix
        namespace_separator namespace_subscriptions namespace_type notify_status notify_status_value
        old_stats_carbon_interval old_stats_carbon_name old_stats_carbon_server old_stats_command_min_time
        old_stats_domain_min_time old_stats_ip_min_time old_stats_memory_limit old_stats_session_min_time
        old_stats_user_min_time pgsql pgsql_connection_limit pgsql_host pgsql_parameters plugin
        pop3_client_workarounds pop3_delete_type pop3_deleted_flag pop3_enable_last pop3_fast_size_lookups
        pop3_lock_session pop3_logout_format pop3_migration_all_mailboxes pop3_migration_ignore_extra_uidls
        pop3_migration_ignore_missing_uidls pop3_migration_mailbox pop3_migration_skip_size_check
        pop3_migration_skip_uidl_cache pop3_no_flag_updates pop3_reuse_xuidl pop3_save_uidl pop3_uidl_duplicates
        pop3_uidl_format pop3c pop3c_features pop3c_host pop3c_master_user pop3c_password pop3c_port
        pop3c_quick_received_date pop3c_rawlog_dir pop3c_ssl pop3c_ssl_verify pop3c_user postmaster_address
        process_shutdown_filter protocols push_notification push_notification_driver push_notification_name
        push_notification_ox_cache_ttl push_notification_ox_url push_notification_ox_user_from_metadata quota
        quota_clone quota_clone_unset quota_count quota_driver quota_enforce quota_exceeded_message quota_fs
        quota_fs_message_limit quota_fs_mount_path quota_fs_type quota_full_tempfail quota_hidden quota_ignore
        quota_ignore_unlimited quota_imapc quota_imapc_mailbox_name quota_imapc_root_name quota_mail_size
        quota_mailbox_count quota_mailbox_message_count quota_maildir quota_message_count quota_message_percentage
        quota_name quota_over_status quota_over_status_current quota_over_status_lazy_check quota_over_status_mask
        quota_status_nouser quota_status_overquota quota_status_success quota_status_toolarge quota_storage_extra
        quota_storage_grace quota_storage_percentage quota_storage_size quota_warning quota_warning_name
        quota_warning_resource quota_warning_threshold rawlog_dir recipient_delimiter redis_db_id redis_expire
        redis_host redis_key_prefix redis_password redis_port redis_request_timeout redis_socket_path
        rejection_reason rejection_subject replication_dsync_parameters replication_full_sync_interval
        replication_max_conns replicator_host replicator_port sdbox sendmail_path shutdown_clients sieve
        sieve_storage sql_driver sqlite sqlite_journal_mode sqlite_path sqlite_readonly ssl ssl_alt_cert ssl_alt_key
        ssl_ca ssl_ca_file ssl_cert ssl_cert_file ssl_cert_username_field ssl_cipher_list ssl_cipher_suites
        ssl_client ssl_client_ca_dir ssl_client_ca_file ssl_client_cert ssl_client_cert_file ssl_client_key
        ssl_client_key_file ssl_client_key_password ssl_client_require_valid_cert ssl_crypto_device ssl_curve_list
        ssl_dh ssl_dh_parameters_length ssl_disable ssl_key ssl_key_file ssl_key_password ssl_listen ssl_min_protocol
        ssl_options ssl_parameters_regenerate ssl_peer_certificate_fingerprint_hash ssl_prefer_server_ciphers
        ssl_protocols ssl_require_crl ssl_server ssl_server_alt_cert_file ssl_server_alt_key_file ssl_server_ca_file
        ssl_server_cert_file ssl_server_cert_username_field ssl_server_dh_file ssl_server_key_file
        ssl_server_key_password ssl_server_min_protocol ssl_server_prefer_ciphers ssl_server_request_client_cert
        ssl_server_require_crl ssl_verify_client_cert state_dir stats_http_rawlog_dir stats_writer_socket_path
        submission_add_received_header submission_backend_capabilities submission_client_workarounds submission_host
        submission_logout_format submission_max_mail_size submission_max_recipients submission_relay_command_timeout
        submission_relay_connect_timeout submission_relay_host submission_relay_master_user
        submission_relay_max_idle_time submission_relay_password submission_relay_port submission_relay_rawlog_dir
        submission_relay_ssl submission_relay_ssl_verify submission_relay_trusted submission_relay_user
        submission_ssl submission_timeout textcat_config_path trash_priority valid_chroot_dirs verbose_proctitle
        verbose_ssl version_ignore virtual virtual_max_open_mailboxes welcome welcome_wait
        """
}
