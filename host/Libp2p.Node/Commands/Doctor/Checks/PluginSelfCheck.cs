namespace Libp2p.Node.Commands.Doctor.Checks;

/// <summary>What the plugins tell of themselves.</summary>
internal sealed class PluginSelfCheck(INode node) : ICheck
{
    public string Section => "primitives of plugins";

    public IEnumerable<Finding> Check() => node.FindAll<ISelfCheck>().SelectMany(Ask);

    /// <summary>One that throws does not keep the others from being heard.</summary>
    private static List<Finding> Ask(ISelfCheck check)
    {
        try
        {
            return [.. check.Check()];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return [Finding.Problem(check.GetType().Name, $"it cannot tell how it is: {e.Message}", "Update the plugin.")];
        }
    }
}
