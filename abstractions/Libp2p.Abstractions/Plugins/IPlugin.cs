using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Libp2p;

/// <summary>The entry point of a plugin, marked with <c>[Plugin]</c>. Has a parameterless constructor.</summary>
public interface IPlugin
{
    /// <summary>Registers the plugin's services in a container of its own, which already holds <see cref="PluginContext"/>, <see cref="NodeRuntime"/>, <see cref="NodeIdentity"/>, <see cref="INode"/> and logging.</summary>
    void ConfigureServices(IServiceCollection own, PluginContext host);

    /// <summary>Offers roles to the swarm, which reads them live.</summary>
    void Export(IServiceProvider own, IPluginExports exports);
}

/// <summary>What the host gives a plugin.</summary>
public sealed class PluginContext
{
    /// <summary>The plugin's name.</summary>
    public required string Name { get; init; }

    /// <summary>The section <c>Libp2p:Plugins:&lt;Name&gt;</c>; empty where nothing is configured.</summary>
    public required IConfiguration Configuration { get; init; }

    /// <summary>The drop-in folder; null when the plugin is referenced directly.</summary>
    public string? Folder { get; init; }

    /// <summary>The folder where the node keeps what outlasts it, a full path; null: nowhere.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The node it becomes part of; not started yet.</summary>
    public required INode Node { get; init; }

    /// <summary>Who the node is.</summary>
    public required NodeIdentity Identity { get; init; }

    /// <summary>Time, randomness, continuations and sockets.</summary>
    public required NodeRuntime Runtime { get; init; }

    /// <summary>Logging.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }

    /// <summary>Publishes an event of the plugin to the node's subscribers.</summary>
    public required Action<NodeEvent> Publish { get; init; }
}

/// <summary>Where a plugin's roles go.</summary>
public interface IPluginExports
{
    /// <summary>
    /// Adds a role: <see cref="ITransport"/>, <see cref="ISecurityChannel"/>, <see cref="IStreamMuxer"/>, <see cref="IConnectionProtector"/>,
    /// <see cref="IProtocolHandler"/>, <see cref="IConnectionObserver"/>, or any interface that others look up by <see cref="INode.Find{T}"/>. Disposing the result drains and removes it.
    /// </summary>
    /// <exception cref="InvalidOperationException">Its protocol id is taken.</exception>
    IAsyncDisposable Add<T>(T role) where T : class;
}

/// <summary>Role: told of connections as they come and go, before the events' subscribers. Called on the swarm's own path: returns at once, never throws.</summary>
public interface IConnectionObserver
{
    /// <summary>A connection is ready.</summary>
    void OnConnected(IConnection connection);

    /// <summary>A connection ended.</summary>
    void OnDisconnected(IConnection connection, ConnectionEnd end);
}
