// SPDX-License-Identifier: Apache-2.0
#include "base/http/curl_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "base/exit_code.h"

namespace dbxes {
namespace {

// Of all libcurls since 2006.
constexpr char kFileName[] = "libcurl.so.4";
// One of those that it brings, where it was built with it, as Debian's is.
constexpr char kRtmp[] = "librtmp.so.1";
constexpr char kNoGnuTls[] = "GNUTLS_NO_IMPLICIT_INIT";

[[noreturn]] void Die() {
  fmt::print(stderr, "dbx-es: libcurl cannot be loaded: {}; install it (Debian: libcurl4)\n",
             ::dlerror());
  std::_Exit(static_cast<int>(ExitCode::kFailed));
}

class Loader {
 public:
  Loader() {
    // GnuTLS comes along with librtmp, for nothing, and sets itself up as it is loaded, which takes
    // a twentieth of all the loading. A libcurl that does use it says so itself.
    ::setenv(kNoGnuTls, "1", /*overwrite=*/0);
    // It also looks for its thousand names in all that libcurl loads before it, which takes another
    // tenth, unless librtmp was loaded by itself. Where there is none, nothing is lost.
    ::dlopen(kRtmp, RTLD_LAZY | RTLD_LOCAL);
    library_ = ::dlopen(kFileName, RTLD_LAZY | RTLD_LOCAL);
    ::unsetenv(kNoGnuTls);
    if (library_ == nullptr) Die();
  }

  template <class Function>
  void Find(const char* name, Function*& function) const {
    function = reinterpret_cast<Function*>(::dlsym(library_, name));
    if (function == nullptr) Die();
  }

 private:
  void* library_;
};

CurlLibrary Load() {
  const Loader loader;
  CurlLibrary curl{};
  loader.Find("curl_easy_cleanup", curl.easy_cleanup);
  loader.Find("curl_easy_getinfo", curl.easy_getinfo);
  loader.Find("curl_easy_init", curl.easy_init);
  loader.Find("curl_easy_reset", curl.easy_reset);
  loader.Find("curl_easy_setopt", curl.easy_setopt);
  loader.Find("curl_easy_strerror", curl.easy_strerror);
  loader.Find("curl_free", curl.free);
  loader.Find("curl_global_cleanup", curl.global_cleanup);
  loader.Find("curl_global_init", curl.global_init);
  loader.Find("curl_multi_add_handle", curl.multi_add_handle);
  loader.Find("curl_multi_assign", curl.multi_assign);
  loader.Find("curl_multi_cleanup", curl.multi_cleanup);
  loader.Find("curl_multi_info_read", curl.multi_info_read);
  loader.Find("curl_multi_init", curl.multi_init);
  loader.Find("curl_multi_remove_handle", curl.multi_remove_handle);
  loader.Find("curl_multi_setopt", curl.multi_setopt);
  loader.Find("curl_multi_socket_action", curl.multi_socket_action);
  loader.Find("curl_multi_strerror", curl.multi_strerror);
  loader.Find("curl_slist_append", curl.slist_append);
  loader.Find("curl_slist_free_all", curl.slist_free_all);
  loader.Find("curl_url", curl.url);
  loader.Find("curl_url_cleanup", curl.url_cleanup);
  loader.Find("curl_url_get", curl.url_get);
  loader.Find("curl_url_set", curl.url_set);
  return curl;
}

}  // namespace

const CurlLibrary& Curl() {
  static const CurlLibrary curl = Load();
  return curl;
}

}  // namespace dbxes
