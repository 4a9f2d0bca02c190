using System.Collections.Immutable;
using System.IO.Pipelines;

namespace Libp2p.Swarm.Roles;

/// <summary>The live registries: whoever needs a role takes the newest <see cref="Current"/>. Thread-safe.</summary>
internal sealed class RoleRegistry(SwarmOptions options, PipeScheduler scheduler) : IPluginExports
{
    private readonly Lock _gate = new();
    private volatile RoleSnapshot _current = RoleSnapshot.Empty;

    /// <summary>All roles now.</summary>
    public RoleSnapshot Current => _current;

    /// <summary>Told after a role was added.</summary>
    public Action<Registration>? Added { get; set; }

    /// <summary>Told, in order, when the protocols served changed.</summary>
    public Action<ImmutableArray<ProtocolId>>? ProtocolsChanged { get; set; }

    /// <summary>Lets those who use a removed role finish.</summary>
    public Func<Registration, Task>? Drain { get; set; }

    /// <inheritdoc/>
    public IAsyncDisposable Add<T>(T role) where T : class
    {
        ArgumentNullException.ThrowIfNull(role);
        var registration = new Registration(role, typeof(T), scheduler);
        lock (_gate)
        {
            RefuseTaken(registration);
            Publish(_current.All.Add(registration));
        }

        Added?.Invoke(registration);
        return new Lease(this, registration);
    }

    /// <summary>The first role that was added as a T, or as something derived from it.</summary>
    public T? Find<T>() where T : class
    {
        foreach (var registration in _current.All)
        {
            if (typeof(T).IsAssignableFrom(registration.ExportedAs)) return registration.As<T>();
        }

        return null;
    }

    /// <summary>Every role that was added as a T, or as something derived from it, in order.</summary>
    public IReadOnlyList<T> FindAll<T>() where T : class =>
        [.. _current.All.Where(static registration => typeof(T).IsAssignableFrom(registration.ExportedAs)).Select(static registration => registration.As<T>())];

    private void RefuseTaken(Registration candidate)
    {
        if (typeof(IProtocolHandler).IsAssignableFrom(candidate.ExportedAs))
        {
            var handlers = _current.Handlers;
            var own = new HashSet<ProtocolId>();
            foreach (var protocol in candidate.As<IProtocolHandler>().Protocols)
            {
                var taken = handlers.Protocols.Protocols.IndexOf(protocol);
                if (taken >= 0) throw Taken("Protocol", protocol, handlers.OwnerOf(taken), candidate);
                if (!own.Add(protocol)) throw new InvalidOperationException($"{candidate.Name} names protocol {protocol} twice.");
            }
        }

        if (typeof(ISecurityChannel).IsAssignableFrom(candidate.ExportedAs))
        {
            var taken = _current.SecurityTable.Protocols.IndexOf(candidate.As<ISecurityChannel>().Protocol);
            if (taken >= 0) throw Taken("Security channel", candidate.As<ISecurityChannel>().Protocol, _current.Securities[taken], candidate);
        }

        if (typeof(IStreamMuxer).IsAssignableFrom(candidate.ExportedAs))
        {
            var taken = _current.MuxerTable.Protocols.IndexOf(candidate.As<IStreamMuxer>().Protocol);
            if (taken >= 0) throw Taken("Muxer", candidate.As<IStreamMuxer>().Protocol, _current.Muxers[taken], candidate);
        }
    }

    private static RoleTakenException Taken(string what, ProtocolId protocol, Registration owner, Registration candidate) =>
        new($"{what} {protocol} belongs to {owner.Name}; {candidate.Name} cannot have it too. Remove one of the two.", protocol, owner.Role);

    private void Publish(ImmutableArray<Registration> all)
    {
        var before = _current.Handlers.Protocols.Protocols;
        _current = new RoleSnapshot(all, options.SecurityPreference, options.MuxerPreference);
        var after = _current.Handlers.Protocols.Protocols;
        if (!after.SequenceEqual(before)) ProtocolsChanged?.Invoke(after);
    }

    private Task RemoveAsync(Registration registration)
    {
        lock (_gate)
        {
            Publish(_current.All.Remove(registration));
        }

        return Drain?.Invoke(registration) ?? Task.CompletedTask;
    }

    private sealed class Lease(RoleRegistry registry, Registration registration) : IAsyncDisposable
    {
        private readonly Lock _gate = new();
        private Task? _removal;

        public ValueTask DisposeAsync()
        {
            lock (_gate)
            {
                return new ValueTask(_removal ??= registry.RemoveAsync(registration));
            }
        }
    }
}
