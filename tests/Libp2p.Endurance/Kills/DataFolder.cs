using Libp2p.Hosting;

namespace Libp2p.Endurance.Kills;

/// <summary>What must be in a data folder, and what must not.</summary>
internal sealed class DataFolder(string path)
{
    private static readonly string[] Lasting = ["identity.key", "node.lock", "datastore.db", "datastore.db.lock"];

    private readonly string _key = Path.Combine(path, "identity.key");
    private PeerId? _known;

    /// <summary>Takes the key away, for a start that makes one.</summary>
    public void Forget()
    {
        File.Delete(_key);
        _known = null;
    }

    /// <summary>After a kill: a key that is there is whole and, where it was not replaced, the one that was there.</summary>
    public void CheckKilled(KillMoment moment)
    {
        var found = Read();
        if (moment == KillMoment.Serving)
        {
            File.Exists(ControlSocket).ShouldBeTrue("a killed node cannot take its socket away: the next must find one that is stale");
        }

        if (_known is not null && moment != KillMoment.ReplacingKey)
        {
            found.ShouldBe(_known, "a kill changed who the node is");
        }

        _known = found;
    }

    /// <summary>Whether the key is another than it was; whichever it is is to stay.</summary>
    public bool Replaced()
    {
        var before = _known;
        var now = Read();
        now.ShouldNotBeNull("a kill left neither the old key nor the new one");
        _known = now;
        return now != before;
    }

    /// <summary>Behind a start: the same peer, a socket for its owner alone, and no litter.</summary>
    public void CheckStarted(string peer)
    {
        if (_known is not null)
        {
            peer.ShouldBe(_known.ToString(), "the node is somebody else after a kill");
        }

        (_known = Read()).ShouldNotBeNull("a running node has no key").ToString().ShouldBe(peer);
        File.GetUnixFileMode(ControlSocket).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        // Beside the datastore lies its log, from the first thing on that is written or read.
        Files().Except(["datastore.db-wal", "datastore.db-shm"]).ShouldBe([.. Lasting, "control.sock"], ignoreOrder: true, "a start cleans up");
    }

    /// <summary>Behind an orderly end.</summary>
    public void CheckStopped() => Files().ShouldBe(Lasting, ignoreOrder: true);

    private string ControlSocket => Path.Combine(path, "control.sock");

    private PeerId? Read()
    {
        if (!File.Exists(_key))
        {
            return null;
        }

        using var key = IdentityFile.Load(_key).Key;
        return key.PublicKey.PeerId;
    }

    private List<string> Files() => [.. Directory.EnumerateFileSystemEntries(path).Select(file => Path.GetFileName(file)!)];
}
