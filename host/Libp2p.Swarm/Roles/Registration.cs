using System.IO.Pipelines;

namespace Libp2p.Swarm.Roles;

/// <summary>A role that somebody added, as what, and who uses it now.</summary>
internal sealed class Registration(object role, Type exportedAs, PipeScheduler scheduler)
{
    /// <summary>The role itself.</summary>
    public object Role { get; } = role;

    /// <summary>The type under which it was added, and is found.</summary>
    public Type ExportedAs { get; } = exportedAs;

    /// <summary>Connections, upgrades and handlers that use it.</summary>
    public UseCounter Uses { get; } = new(scheduler);

    /// <summary>What errors call it.</summary>
    public string Name => Role is DelegateHandler ? "a delegate given to Handle" : Role.GetType().FullName ?? Role.GetType().Name;

    public T As<T>() where T : class => (T)Role;
}
