namespace Libp2p.Swarm;

/// <summary>A role was added whose protocol id belongs to another one; that one stays, and nothing of the new one does.</summary>
public sealed class RoleTakenException : InvalidOperationException
{
    internal RoleTakenException(string message, ProtocolId protocol, object owner)
        : base(message)
    {
        Protocol = protocol;
        Owner = owner;
    }

    /// <summary>What both claim.</summary>
    public ProtocolId Protocol { get; }

    /// <summary>The role that has it: what was given to <see cref="IPluginExports.Add"/>.</summary>
    public object Owner { get; }
}
