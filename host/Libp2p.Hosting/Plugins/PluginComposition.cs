using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Hosting;

/// <summary>One active plugin: its code, its container and the roles it exported. Disposing takes the roles back first, then the container, then the code.</summary>
internal sealed class PluginComposition : IAsyncDisposable
{
    private readonly LoadedPlugin _loaded;
    private readonly ServiceProvider _services;
    private readonly RoleTracker _roles;

    private PluginComposition(string name, LoadedPlugin loaded, ServiceProvider services, RoleTracker roles)
    {
        Name = name;
        _loaded = loaded;
        _services = services;
        _roles = roles;
    }

    public string Name { get; }

    public ImmutableArray<string> Roles => _roles.Names;

    public bool Owns(object role) => _roles.Has(role);

    /// <summary>Loads, configures and exports a plugin; on any failure nothing of it stays behind.</summary>
    public static async ValueTask<PluginComposition> CreateAsync(PluginCandidate candidate, PluginContext context, IPluginExports exports)
    {
        var step = "loading it";
        LoadedPlugin? loaded = null;
        ServiceProvider? services = null;
        var roles = new RoleTracker(exports);
        try
        {
            loaded = candidate.Load!();
            step = nameof(IPlugin.ConfigureServices);
            var own = new ServiceCollection();
            own.AddSingleton(context);
            own.AddSingleton(context.Runtime);
            own.AddSingleton(context.Identity);
            own.AddSingleton(context.Node);
            own.AddSingleton(context.Runtime.Time);
            own.TryAddSingleton(context.LoggerFactory);
            own.TryAdd(ServiceDescriptor.Singleton(typeof(ILogger<>), typeof(Logger<>)));
            own.AddOptions();
            loaded.Entry.ConfigureServices(own, context);
            candidate.Configure?.Invoke(own);
            services = own.BuildServiceProvider();

            step = "validating its options";
            services.GetService<IStartupValidator>()?.Validate();

            step = nameof(IPlugin.Export);
            loaded.Entry.Export(services, roles);
            return new PluginComposition(candidate.Name, loaded, services, roles);
        }
        catch (Exception e)
        {
            await roles.DisposeAsync().ConfigureAwait(false);
            if (services is not null) await services.DisposeAsync().ConfigureAwait(false);
            loaded?.Unload?.Dispose();
            throw new PluginStepException(step, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _roles.DisposeAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
        _loaded.Unload?.Dispose();
    }

    /// <summary>Remembers what a plugin exported, so that all of it can be taken back.</summary>
    private sealed class RoleTracker(IPluginExports exports) : IPluginExports, IAsyncDisposable
    {
        private readonly Lock _gate = new();
        private readonly List<(string Name, object Role, IAsyncDisposable Registration)> _roles = []; // guarded by _gate

        public ImmutableArray<string> Names
        {
            get
            {
                lock (_gate) return [.. _roles.Select(r => r.Name)];
            }
        }

        public bool Has(object role)
        {
            lock (_gate) return _roles.Exists(r => ReferenceEquals(r.Role, role));
        }

        public IAsyncDisposable Add<T>(T role) where T : class
        {
            var registration = exports.Add(role);
            lock (_gate) _roles.Add((typeof(T).Name, role, registration));
            return registration;
        }

        public async ValueTask DisposeAsync()
        {
            List<(string, object, IAsyncDisposable Registration)> roles;
            lock (_gate)
            {
                roles = [.. _roles];
                _roles.Clear();
            }

            for (var i = roles.Count - 1; i >= 0; i--) await roles[i].Registration.DisposeAsync().ConfigureAwait(false);
        }
    }
}

/// <summary>A plugin failed at a step of its composition.</summary>
internal sealed class PluginStepException(string step, Exception inner) : Exception($"{step} failed: {inner.Message}", inner)
{
    public string Step { get; } = step;
}
