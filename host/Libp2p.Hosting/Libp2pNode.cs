using System.Collections.Immutable;
using Libp2p.Swarm;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Hosting;

/// <summary>
/// A node composed from plugins. The swarm exists from the start; plugins are discovered, loaded and exported into it by <see cref="ComposeAsync"/>,
/// which <see cref="StartAsync"/> calls. Thread-safe.
/// </summary>
public sealed class Libp2pNode : IAsyncDisposable
{
    private readonly Libp2pBuilder _builder;
    private readonly IServiceProvider _services;
    private readonly string _section;
    private readonly Libp2pOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly SwarmNode _swarm;
    private readonly NodeRuntime _runtime;
    private readonly List<PluginComposition> _active = [];
    private readonly ScheduledSemaphore _turn;
    private bool _composed;
    private volatile bool _started;
    private volatile bool _disposed;

    internal Libp2pNode(IServiceProvider services, Libp2pBuilder builder, string section)
    {
        _services = services;
        _builder = builder;
        _section = section;
        _options = services.GetRequiredService<IOptionsMonitor<Libp2pOptions>>().Get(builder.Name);
        _loggers = services.GetRequiredService<ILoggerFactory>();
        _log = _loggers.CreateLogger<Libp2pNode>();
        _runtime = builder.Runtime ?? new NodeRuntime { Network = new SystemNetwork(options: _options.ToNetwork()) };
        _turn = new ScheduledSemaphore(1, _runtime.Scheduler);
        Identity = builder.Identity ?? (_options.IdentityFile is { } file ? IdentityFile.LoadOrCreate(file) : new NodeIdentity(PrivateKey.Generate()));
        _swarm = new SwarmNode(Identity, _options.ToSwarm(), _runtime, _loggers);
    }

    /// <summary>The node.</summary>
    public INode Node => _swarm;

    /// <summary>Who it is.</summary>
    public NodeIdentity Identity { get; }

    internal NodeState State => _disposed ? NodeState.Stopped : _started ? NodeState.Running : NodeState.Created;

    internal bool ShouldListen => !_options.Swarm.ListenAddresses.IsEmpty;

    /// <summary>What was found and what became of it; empty before <see cref="ComposeAsync"/>.</summary>
    public ImmutableArray<PluginReport> Plugins { get; private set; } = [];

    /// <summary>Discovers the plugins and composes them into the node. Done once; later calls do nothing.</summary>
    /// <exception cref="RequiredPluginException">A plugin named in <see cref="Libp2pOptions.RequiredPlugins"/> is not active.</exception>
    public async ValueTask ComposeAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_composed) return;
            var reports = new List<PluginReport>();
            foreach (var candidate in _builder.Sources.SelectMany(source => source(_services).Discover()))
            {
                cancellationToken.ThrowIfCancellationRequested();
                reports.Add(await AddAsync(candidate, reports).ConfigureAwait(false));
            }

            Plugins = [.. reports];
            _composed = true;
            foreach (var name in _options.RequiredPlugins)
            {
                var report = reports.Find(r => Same(r.Name, name) && r.State == PluginState.Active) ?? reports.Find(r => Same(r.Name, name))
                    ?? new PluginReport { Name = name, State = PluginState.LeftOut, Reason = "it was not found.", Remedy = "Install it, or take it out of Libp2p:RequiredPlugins." };
                if (report.State != PluginState.Active) throw new RequiredPluginException(report);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Composes, binds and starts to accept.</summary>
    /// <inheritdoc cref="ComposeAsync" path="/exception"/>
    public async ValueTask StartAsync(CancellationToken cancellationToken = default)
    {
        await ComposeAsync(cancellationToken).ConfigureAwait(false);
        await _swarm.StartAsync(cancellationToken).ConfigureAwait(false);
        _started = true;
    }

    /// <summary>Stops the node, then the plugins in reverse order.</summary>
    public async ValueTask StopAsync(CancellationToken cancellationToken = default)
    {
        await _swarm.StopAsync(cancellationToken).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_disposed) return;
            _disposed = true;
            await _swarm.DisposeAsync().ConfigureAwait(false);
            for (var i = _active.Count - 1; i >= 0; i--) await StopPluginAsync(_active[i]).ConfigureAwait(false);
            _active.Clear();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<PluginReport> AddAsync(PluginCandidate candidate, List<PluginReport> earlier)
    {
        var report = new PluginReport { Name = candidate.Name, Version = candidate.Version, Folder = candidate.Folder, State = PluginState.LeftOut };
        if (candidate.Fault is { } fault)
        {
            _log.PluginLeftOut(candidate.Name, fault.Reason, fault.Remedy);
            return report with { Reason = fault.Reason, Remedy = fault.Remedy };
        }

        if (_options.DisabledPlugins.Any(name => Same(name, candidate.Name)))
        {
            return report with { State = PluginState.Disabled, Reason = "it is named in Libp2p:DisabledPlugins." };
        }

        if (earlier.Find(r => Same(r.Name, candidate.Name) && r.State == PluginState.Active) is { } first)
        {
            return report with
            {
                Reason = $"a plugin of that name is active already ({first.Folder ?? "referenced directly"}).",
                Remedy = "Remove one of the two.",
            };
        }

        try
        {
            var composition = await PluginComposition.CreateAsync(candidate, ContextOf(candidate), _swarm.Exports).ConfigureAwait(false);
            _active.Add(composition);
            _log.PluginActive(candidate.Name, candidate.Version ?? "?");
            return report with { State = PluginState.Active, Roles = composition.Roles };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var (reason, remedy) = PluginFailure.Explain(e, candidate.Name, role => _active.Find(plugin => plugin.Owns(role))?.Name);
            _log.PluginFailed(candidate.Name, reason, remedy, e);
            return report with { Reason = reason, Remedy = remedy };
        }
    }

    private PluginContext ContextOf(PluginCandidate candidate) => new()
    {
        Name = candidate.Name,
        Configuration = (IConfiguration?)_services.GetService<IConfiguration>()?.GetSection($"{_section}:Plugins:{candidate.Name}") ?? new ConfigurationBuilder().Build(),
        Folder = candidate.Folder,
        DataFolder = _options.DataFolder is { } folder ? Path.GetFullPath(folder) : null,
        Node = _swarm,
        Identity = Identity,
        Runtime = _runtime,
        LoggerFactory = _loggers,
        Publish = _swarm.Publish,
    };

    /// <summary>A plugin that never comes back from stopping, be it that it blocks its thread, must not keep the process alive.</summary>
    private async ValueTask StopPluginAsync(PluginComposition plugin)
    {
        try
        {
            await StopAsideAsync(plugin).WaitAsync(_options.PluginStopTimeout, _runtime.Time).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _log.PluginStopFailed(plugin.Name, e);
        }
    }

    private async Task StopAsideAsync(PluginComposition plugin)
    {
        await _runtime.Scheduler.Yield();
        await plugin.DisposeAsync().ConfigureAwait(false);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

/// <summary>How far a node is in its life.</summary>
internal enum NodeState
{
    Created,
    Running,
    Stopped,
}
