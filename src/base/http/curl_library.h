// SPDX-License-Identifier: Apache-2.0
// libcurl, loaded when it is first needed: it brings thirty libraries with it, whose loading takes
// longer than all else that a start does. Help, version and completions do without.
#pragma once

#include <curl/curl.h>

namespace dbxes {

// libcurl's functions under their own names without "curl_". Its declarations stay the only ones.
struct CurlLibrary {
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_reset) easy_reset;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_free) free;
  decltype(&curl_global_cleanup) global_cleanup;
  decltype(&curl_global_init) global_init;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_assign) multi_assign;
  decltype(&curl_multi_cleanup) multi_cleanup;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_setopt) multi_setopt;
  decltype(&curl_multi_socket_action) multi_socket_action;
  decltype(&curl_multi_strerror) multi_strerror;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
  decltype(&curl_url) url;
  decltype(&curl_url_cleanup) url_cleanup;
  decltype(&curl_url_get) url_get;
  decltype(&curl_url_set) url_set;
};

// Loads it on the first call. Where it is missing the process ends, with one line that says so: as
// it would have ended, had the dynamic loader looked for it before main.
const CurlLibrary& Curl();

}  // namespace dbxes
