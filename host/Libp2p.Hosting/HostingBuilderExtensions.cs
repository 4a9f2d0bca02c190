using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Hosting;

/// <summary>What the host adds to <see cref="ILibp2pBuilder"/>.</summary>
public static class HostingBuilderExtensions
{
    /// <summary>Sets the node's options in code, after configuration.</summary>
    public static ILibp2pBuilder Configure(this ILibp2pBuilder builder, Action<Libp2pOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(Of(builder).Name, configure);
        return builder;
    }

    /// <summary>Adds a source of plugins (drop-in folders, or the host's own).</summary>
    public static ILibp2pBuilder AddPluginSource(this ILibp2pBuilder builder, Func<IServiceProvider, IPluginSource> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Of(builder).AddSource(source);
        return builder;
    }

    /// <summary>Gives the node an identity made in code; wins over <see cref="Libp2pOptions.IdentityFile"/>.</summary>
    public static ILibp2pBuilder UseIdentity(this ILibp2pBuilder builder, NodeIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        Of(builder).Identity = identity;
        return builder;
    }

    /// <summary>Replaces time, randomness, continuations and sockets (simulation, tests).</summary>
    public static ILibp2pBuilder UseRuntime(this ILibp2pBuilder builder, NodeRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        Of(builder).Runtime = runtime;
        return builder;
    }

    private static Libp2pBuilder Of(ILibp2pBuilder builder) =>
        builder as Libp2pBuilder ?? throw new ArgumentException("Not a builder made by AddLibp2p.", nameof(builder));
}
