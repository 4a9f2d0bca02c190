using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Libp2p.Security.Noise.Tests;

internal static class Channels
{
    public static NoiseChannel Create(NoiseOptions? options = null) => new(Options.Create(options ?? new NoiseOptions()), NullLogger<NoiseChannel>.Instance);
}
