namespace Libp2p.Node.Commands.Doctor;

/// <summary>Looks at one side of a node and of the machine that it runs on; changes nothing.</summary>
internal interface ICheck
{
    /// <summary>The heading of its findings.</summary>
    string Section { get; }

    IEnumerable<Finding> Check();
}
