using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Libp2p.Security.Tls.Tests;

internal static class Channels
{
    public static TlsChannel Create(TlsOptions? options = null) => new(Options.Create(options ?? new TlsOptions()), NullLogger<TlsChannel>.Instance);
}
