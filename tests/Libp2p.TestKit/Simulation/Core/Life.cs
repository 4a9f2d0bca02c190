namespace Libp2p.TestKit;

/// <summary>One life of a host, from its start to its crash: what belongs to it runs only while it lives.</summary>
internal sealed class Life(string name)
{
    public string Name => name;

    public bool IsAlive { get; private set; } = true;

    public void End() => IsAlive = false;
}
