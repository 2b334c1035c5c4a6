<#-- What is shipped beside our own jars, and by which licences. Made by license-maven-plugin for launcher/target/app. -->
<#function licensesOf licenses>
  <#local names = "">
  <#list licenses as license>
    <#local names = names + (names?has_content)?then(" or ", "") + license>
  </#list>
  <#return names>
</#function>
Waybill
Copyright The Waybill authors

This product is licensed under the Apache License, Version 2.0; see LICENSE.

It holds these libraries, each unchanged in a jar of its own and under its own licence. Where a library offers several
licences, it is used under one that allows this.

<#list dependencyMap as entry>
<#assign project = entry.getKey()/>
<#assign licenses = entry.getValue()/>
* ${project.groupId}:${project.artifactId}:${project.version}
  ${licensesOf(licenses)}<#if project.url??>
  ${project.url}</#if>
</#list>
